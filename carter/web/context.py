"""What every page shows around its content."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from carter.companies.rights import Right


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The person, their company, the main navigation and what they may do."""
    member = getattr(request, "member", None)
    if member is None:
        return {"may": {}}
    return {
        "company": member.company,
        "member": member,
        "may": {right.name.lower(): member.may(right) for right in Right},
        # Asked for by whole pages only.
        "navigation": lambda: [
            {"label": label, "icon": icon, "url": reverse(name), "here": here}
            for label, icon, name, here in _places(request)
        ],
    }


def _places(request: HttpRequest) -> list[tuple[str, str, str, bool]]:
    places = [
        ("Leads", "phone-incoming", "leads", "/leads/"),
        ("Jobs", "truck", "jobs", "/jobs/"),
        ("Customers", "users", "customers", "/customers/"),
        *_storage_places(request),
        ("Duplicates", "copy", "duplicates", "/duplicates/"),
        *_money_places(request),
        ("Settings", "settings", "settings", "/settings/"),
    ]
    section = getattr(request, "section", None) or request.path
    return [(label, icon, name, section.startswith(path)) for label, icon, name, path in places]


def _storage_places(request: Any) -> list[tuple[str, str, str, str]]:
    has_storage = request.member.company.has_storage
    return [("Storage", "warehouse", "storage", "/storage/")] if has_storage else []


def _money_places(request: Any) -> list[tuple[str, str, str, str]]:
    may = request.member.may(Right.SEE_MONEY)
    return [("Billing", "receipt", "billing", "/billing/")] if may else []
