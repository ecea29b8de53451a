"""Writing the demo's customers into the book, many rows at a time.

Each row is what the deeds would have written on the day: who did it, when, and in which words.
"""

from carter.companies.models import Member
from carter.companies.numbering import take_numbers
from carter.customers.models import Customer
from carter.customers.names import fold
from carter.demo.days import Calendar
from carter.demo.moves import Move
from carter.demo.people import Office
from carter.demo.places import Place
from carter.demo.profiles import Profile
from carter.demo.rows import ROWS_AT_ONCE, Rows
from carter.jobs.models import Job, Stage

FIRST_CUSTOMER, FIRST_JOB = 1_001, 10_001


def write(profiles: list[Profile], office: Office, calendar: Calendar) -> list[Customer]:
    """Every customer with all rows; returns them in the order given."""
    customers = _write_customers(profiles, office)
    pairs = [(profile, customer) for profile, customer in zip(profiles, customers, strict=True)]
    jobs = _write_jobs(pairs, office)
    rows = Rows(office, calendar)
    took = {id(move): job.owner for move, job in jobs}
    for profile, customer in pairs:
        rows.of_customer(profile, customer, took[id(profile.moves[0])])
    for move, job in jobs:
        rows.of_job(move, job)
    rows.write()
    return customers


def _write_customers(profiles: list[Profile], office: Office) -> list[Customer]:
    company = office.company
    came = {id(profile): profile.moves[0].taken_at for profile in profiles}
    in_order = sorted(profiles, key=lambda profile: came[id(profile)])
    numbers = _numbers(office, "customer", FIRST_CUSTOMER, len(profiles))
    made = {
        id(profile): Customer(
            company=company,
            number=number,
            name=profile.name,
            sort_name=fold(profile.name)[:300],
            kind=profile.kind,
            category=profile.category,
            lead_source=profile.source,
            bill_to=profile.bill_to,
            do_not_service=bool(profile.do_not_service),
            do_not_service_reason=profile.do_not_service,
            origin=Customer.Origin.LEAD,
            created_at=came[id(profile)],
        )
        for profile, number in zip(in_order, numbers, strict=True)
    }
    company.customers.bulk_create(made.values(), batch_size=ROWS_AT_ONCE)
    return [made[id(profile)] for profile in profiles]


def _write_jobs(pairs: list[tuple[Profile, Customer]], office: Office) -> list[tuple[Move, Job]]:
    moves = [(move, customer) for profile, customer in pairs for move in profile.moves]
    moves.sort(key=lambda pair: pair[0].taken_at)
    numbers = _numbers(office, "job", FIRST_JOB, len(moves))
    jobs = [
        (move, _job(move, customer, number, office.sales[number % len(office.sales)]))
        for (move, customer), number in zip(moves, numbers, strict=True)
    ]
    office.company.jobs.bulk_create([job for _, job in jobs], batch_size=ROWS_AT_ONCE)
    return jobs


def _numbers(office: Office, series: str, first: int, count: int) -> range:
    """The next numbers, of a company that did not begin with number one."""
    office.company.series.get_or_create(
        name=series, defaults={"company": office.company, "last": first - 1}
    )
    return take_numbers(office.company, series, count)


def _job(move: Move, customer: Customer, number: int, owner: Member) -> Job:
    booked = [at for at, stage in move.steps if stage == Stage.BOOKED]
    return Job(
        company=customer.company,
        customer=customer,
        born_to=customer,
        number=number,
        stage=move.stage,
        category=customer.category,
        name=move.name,
        company_name=move.company_name,
        phone=move.phone,
        email=move.email,
        move_on=move.move_on,
        flexibility=move.flexibility,
        extra_stops=move.extra_stops,
        move_size=move.size,
        distance=move.distance,
        services=move.services,
        lead_source=move.source,
        intake_notes=move.remark,
        estimate_cents=move.estimate_cents,
        owner=owner,
        archive_reason=move.reason,
        created_at=move.taken_at,
        booked_at=booked[0] if booked else None,
        **_said("origin", move.origin),
        **_said("destination", move.destination),
    )


def _said(which: str, place: Place) -> dict[str, str]:
    return {
        f"{which}_street": place.street,
        f"{which}_city": place.city,
        f"{which}_state": place.state,
        f"{which}_postcode": place.postcode,
    }
