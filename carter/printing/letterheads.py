"""What stands at the head of a company's paper: its name, how it is reached, its logo."""

from django.db import transaction

from carter.companies.models import Company, Member
from carter.companies.rights import Right, require
from carter.printing.documents import Letterhead
from carter.printing.logos import Logo, read_logo


def letterhead_of(company: Company) -> Letterhead:
    """The company as its paper shows it today."""
    return {
        "name": company.name,
        "address": [line.strip() for line in company.address.splitlines() if line.strip()],
        "phone": company.phone,
        "email": company.email,
        "website": company.website,
        "tax_number": company.tax_number,
        "footer": company.paper_footer,
        "country": company.country,
        "currency": company.currency,
    }


def logo_of(company: Company) -> Logo | None:
    kept = company.logos.first()
    return Logo(kept.media_type, bytes(kept.data)) if kept else None


@transaction.atomic
def change_logo(company: Company, data: bytes | None, *, by: Member | None) -> Logo | None:
    """Print this picture from now on, or none. Raises BadLogo.

    What was printed before keeps the logo that it has.
    """
    require(by, Right.SETTINGS)
    Company.objects.select_for_update().get(pk=company.pk)
    logo = read_logo(data) if data else None
    company.logos.all().delete()
    if logo:
        company.logos.create(company=company, media_type=logo.media_type, data=logo.data)
    company.record("changed the logo" if logo else "removed the logo", by=by)
    return logo
