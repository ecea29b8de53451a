"""The people of Summit Moving & Storage, who sign what happens in the demo book."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password

from carter.companies.models import Company, Member, User
from carter.companies.rights import Role

COMPANY = "Summit Moving & Storage"
TIME_ZONE = "America/Denver"
PASSWORD = "two-men-and-a-van"  # noqa: S105 (said aloud when the demo starts)

OWNER = ("Maren Holt", Role.OWNER)
STAFF = (
    ("Luis Ortega", Role.MANAGER),
    ("Tessa Lindgren", Role.SALES),
    ("Darnell Price", Role.SALES),
    ("Joanna Kim", Role.DISPATCHER),
    ("Ruth Abelson", Role.BILLING),
    ("Eli Navarro", Role.READ_ONLY),
)


@dataclass(frozen=True)
class Office:
    """The company and who does what in it."""

    company: Company
    owner: Member
    manager: Member
    sales: tuple[Member, ...]
    dispatcher: Member
    billing: Member


def open_office(since: datetime) -> Office:
    """The company with everybody who works there, all with the one password."""
    company = Company.objects.create(
        name=COMPANY,
        time_zone=TIME_ZONE,
        has_storage=True,
        address="1200 Wazee Street\nDenver, CO 80204",
        phone="(303) 555-0100",
        email="office@example.com",
        website="summit-moving.example.com",
        paper_footer="Thank you for moving with us.",
        tax_rate_millionths=88_100,
        created_at=since,
    )
    password = make_password(PASSWORD)
    members = {name: _hired(company, name, role, password, since) for name, role in (OWNER, *STAFF)}
    by_role = {member.role: member for member in members.values()}
    return Office(
        company=company,
        owner=by_role[Role.OWNER],
        manager=by_role[Role.MANAGER],
        sales=tuple(member for member in members.values() if member.role == Role.SALES),
        dispatcher=by_role[Role.DISPATCHER],
        billing=by_role[Role.BILLING],
    )


def address_of(name: str) -> str:
    """What somebody of the office signs in with."""
    return f"{name.split(maxsplit=1)[0].lower()}@example.com"


def _hired(company: Company, name: str, role: Role, password: str, since: datetime) -> Member:
    """Hashing is slow on purpose, so all share one hash of the one password."""
    user = User.objects.create_user(address_of(name), None, name=name, joined_at=since)
    user.password = password
    user.save(update_fields=["password"])
    return company.members.create(company=company, user=user, role=role, created_at=since)
