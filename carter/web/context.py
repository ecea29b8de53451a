"""What every page shows around its content."""

from typing import Any, NamedTuple

from django.http import HttpRequest

from carter.companies.rights import Right
from carter.web.middleware.company import StaffRequest


class Place(NamedTuple):
    """A part of Carter in the main navigation, by the name of its address."""

    label: str
    icon: str
    name: str
    is_here: bool


class Side(NamedTuple):
    """The main navigation, and who is signed in."""

    places: tuple[Place, ...]
    person: str
    role: str
    company: str


def around(request: HttpRequest) -> dict[str, Any]:
    """The person, their company, the main navigation and what they may do."""
    member = getattr(request, "member", None)
    if member is None:
        return {"may": {}}
    return {
        "company": member.company,
        "member": member,
        "may": {right.name.lower(): member.may(right) for right in Right},
        # Asked for by whole pages only.
        "side": lambda: _side(request),
    }


def _side(request: Any) -> Side:
    member = request.member
    section = getattr(request, "section", None) or request.path
    places = tuple(
        Place(label, icon, name, is_here=section.startswith(path))
        for label, icon, name, path in _places(request)
    )
    return Side(places, str(member), member.get_role_display(), member.company.name)


def _places(request: StaffRequest) -> list[tuple[str, str, str, str]]:
    return [
        ("Leads", "phone-incoming", "leads", "/leads/"),
        ("Jobs", "truck", "jobs", "/jobs/"),
        ("Customers", "users", "customers", "/customers/"),
        *_storage_places(request),
        ("Duplicates", "copy", "duplicates", "/duplicates/"),
        *_money_places(request),
        ("Settings", "settings", "settings", "/settings/"),
    ]


def _storage_places(request: StaffRequest) -> list[tuple[str, str, str, str]]:
    has_storage = request.member.company.has_storage
    return [("Storage", "warehouse", "storage", "/storage/")] if has_storage else []


def _money_places(request: StaffRequest) -> list[tuple[str, str, str, str]]:
    may = request.member.may(Right.SEE_MONEY)
    return [("Billing", "receipt", "billing", "/billing/")] if may else []
