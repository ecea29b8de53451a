"""The payment gateway: whose it is, what is on file there, what was tried, what it told."""

from carter.gateway.models.account import AutoPayStop, GatewayAccount
from carter.gateway.models.attempt import Collection, PaymentAttempt, RefundAttempt
from carter.gateway.models.event import GatewayEvent
from carter.gateway.models.method import StoredMethod

__all__ = [
    "AutoPayStop",
    "Collection",
    "GatewayAccount",
    "GatewayEvent",
    "PaymentAttempt",
    "RefundAttempt",
    "StoredMethod",
]
