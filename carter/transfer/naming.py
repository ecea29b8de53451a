"""The token by which a file says which book it was exported from."""

import hashlib

from carter.companies.models import Company


def book_of(company: Company) -> str:
    """The same for every export of a company, and different for every company anywhere."""
    born = f"{company.pk} {company.created_at.isoformat()}"
    return hashlib.sha256(born.encode()).hexdigest()[:12]
