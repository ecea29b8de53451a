"""Where the payment gateway tells what happened."""

import structlog
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from carter.gateway.events import Forged, is_settled, process, receive
from carter.gateway.models import GatewayAccount
from carter.web.middleware.company import public
from carter.web.throttling import at_most

A_MINUTE = 6_000

log = structlog.get_logger(__name__)


@csrf_exempt
@require_POST
@public
@at_most(A_MINUTE, "stripe-hook")
def stripe(request: HttpRequest, token: str) -> HttpResponse:
    """Keep what Stripe signed, and say so; a wrong address and a wrong signature look alike."""
    account = GatewayAccount.across_companies.select_related("company").filter(token=token).first()
    try:
        signature = request.headers.get("Stripe-Signature", "")
        event = receive(account, request.body, signature=signature) if account else None
    except Forged:
        event = None
    if event is None:
        log.warning("an event that is not the gateway’s")
        return HttpResponse(status=400)
    if event.processed_at is None and is_settled(event):
        process(event)
    return HttpResponse(status=200)
