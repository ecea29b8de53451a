"""Telling by itself what happened: signed as Stripe signs, once, or as often and late as wanted."""

import hashlib
import hmac
import json
import random
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from typing import Any


def signed(body: bytes, secret: str, *, at: int | None = None) -> str:
    """The header that goes with the bytes. Source: Stripe, “Verify webhook signatures manually”."""
    moment = at or int(time.time())
    digest = hmac.new(secret.encode(), b"%d." % moment + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def deliver(
    events: Iterable[Any], *, url: str, secret: str, copies: int = 1, seed: int | None = None
) -> list[int]:
    """Send every event so many times, in a random order when there is a seed; what was answered."""
    sent = [event for event in events for _ in range(copies)]
    if seed is not None:
        random.Random(seed).shuffle(sent)
    return [_send(event, url, secret) for event in sent]


def _send(event: Any, url: str, secret: str) -> int:
    body = json.dumps(event).encode()
    headers = {"Content-Type": "application/json", "Stripe-Signature": signed(body, secret)}
    request = urllib.request.Request(url, body, headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0
