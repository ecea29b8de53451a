"""The page that asks before a deed about money: what it does, a short form, one button."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from carter.billing.posting import CannotPost
from carter.web.middleware.company import StaffRequest
from carter.web.once import do_or_tell, fresh_token


@dataclass(frozen=True)
class Asked:
    """What the page says: a title, what will happen, the button, and the way back."""

    title: str
    words: str
    button: str
    back: str
    is_grave: bool = False


def ask(
    request: StaffRequest, asked: Asked, form: Any, deed: Callable[[dict[str, Any]], str]
) -> HttpResponse:
    """Show the form; when it is filled in do the deed, which gives the address to go to, once.

    What the deed refuses stands above the form with everything typed.
    """
    if request.method == "POST" and form.is_valid():
        done = do_or_tell(request, form, lambda: deed(form.cleaned_data), CannotPost)
        if done is not None:
            return done
    context = {
        "asked": asked,
        "form": form,
        "once": request.POST.get("once") or fresh_token(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "billing/deed.html", context, status=status)
