"""Opening a company: the tenant with its first person, the owner."""

from django.db import transaction

from carter.companies.models import Company, Member, User
from carter.companies.rights import Role


@transaction.atomic
def open_company(
    *, name: str, owner_email: str, owner_name: str, password: str | None, **settings: object
) -> Member:
    """A new company and its owner, who may already be known from another company.

    Raises ValidationError for what no company and no owner can have.
    """
    company = Company(name=name.strip(), **settings)
    company.full_clean()
    company.save()
    user = User.objects.filter(email=owner_email.lower()).first()
    if user is None:
        User(email=owner_email, name=owner_name or owner_email[:200]).clean_fields(["password"])
        user = User.objects.create_user(owner_email, password, name=owner_name)
    return company.members.create(company=company, user=user, role=Role.OWNER)
