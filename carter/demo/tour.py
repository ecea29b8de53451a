"""What somebody is told when the demo starts: where it is, who signs in, what to try first."""

from collections.abc import Iterator

from carter.companies.models import Company
from carter.customers.models import Customer
from carter.demo.people import OWNER, PASSWORD, STAFF, address_of
from carter.demo.stories import BOB, KATIE, WALTER
from carter.jobs.models import Job
from carter.jobs.repeats import repeats_of


def welcome(company: Company, url: str) -> str:
    """Everything one needs to look around, for the terminal."""
    sign_ins = [f"  {address_of(name):<22}{role.label:<12}{name}" for name, role in (OWNER, *STAFF)]
    steps = [f"  {number}. {step}" for number, step in enumerate(first_steps(company), start=1)]
    return "\n".join(
        [
            f"Carter is at {url}",
            "",
            f"Sign in with the password {PASSWORD} as",
            *sign_ins,
            "",
            "To try first:",
            *steps,
        ]
    )


def first_steps(company: Company) -> Iterator[str]:
    """Things worth seeing that are in the book now."""
    if found := _possible_repeat(company, BOB):
        lead, known = found
        yield (
            f"Open lead {lead.code} of {BOB}: Carter notices that this is {known}. Press View, "
            "see why, and link the job; undo it if you like."
        )
    if found := _possible_repeat(company, KATIE):
        _, known = found
        digits = known.phones.get().key[-4:]
        yield (
            f"Press / and type “{_half(str(known))}”, then {digits}, the last digits of the phone: "
            f"{known} and {KATIE} come up, who may be one person under two names."
        )
    if found := _possible_repeat(company, WALTER):
        lead, known = found
        yield (
            f"Open lead {lead.code} of {WALTER}, who calls from the phone of {known}: "
            "one household, two customers. Say so with Same Household."
        )


def _possible_repeat(company: Company, caller: str) -> tuple[Job, Customer] | None:
    """The newest lead of the caller and the customer it may be about; None once that is decided."""
    lead = company.jobs.leads().filter(name=caller).order_by("-pk").first()
    matches = repeats_of(lead) if lead else []
    return (lead, matches[0].customer) if lead and matches else None


def _half(name: str) -> str:
    """A name as somebody half remembers it: kath bra."""
    first, *_, last = name.lower().split()
    return f"{first[:4]} {last[:3]}"
