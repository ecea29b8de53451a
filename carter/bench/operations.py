"""What an office does all day, as the requests it sends."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from carter.bench.book import JOBS, Plan, is_lead, is_owed
from carter.bench.office import Office, Refused, Request
from carter.bench.people import person

Prepare = Callable[[Office, Plan, Random, int], Sequence[Request]]
One = TypeVar("One")
TYPING = {"HX-Request": "true"}


@dataclass(frozen=True)
class Operation:
    """Something people do. `prepare` gives requests that do it so many times.

    `reaches_ms` is what it may cost in server CPU at 100,000 customers, if that is said. Where a
    browser `follows`, the page it is led to is part of it.
    """

    name: str
    prepare: Prepare
    reaches_ms: float | None = None
    follows: bool = False


def _page(address: str) -> Prepare:
    def prepare(_: Office, plan: Plan, chance: Random, times: int) -> Sequence[Request]:
        some = [chance.randrange(1, plan.customers - len(plan.busy)) for _ in range(times)]
        return [Request(address.format(customer=one)) for one in some]

    return prepare


def _busiest(address: str, place: int) -> Prepare:
    def prepare(_: Office, plan: Plan, chance: Random, times: int) -> Sequence[Request]:
        one = plan.customers - len(plan.busy) + 1 + place
        return [Request(address.format(customer=one))] * times

    return prepare


def _typed(said: Callable[[str, str, str], str]) -> Prepare:
    """What is in the search box after each of the last keys, of somebody in the book."""

    def prepare(_: Office, plan: Plan, chance: Random, times: int) -> Sequence[Request]:
        requests: list[Request] = []
        while len(requests) < times:
            who = person(plan.seed, chance.randrange(1, plan.customers))
            if who.email:
                text = said(who.name.replace(",", ""), who.phone, who.email)
                requests.append(Request(f"/search/?q={text.replace(' ', '+')}", headers=TYPING))
        return requests

    return prepare


def _part_names(name: str, _: str, __: str) -> str:
    parts = name.lower().split()
    return f"{parts[0][:3]} {parts[-1][:3]}"


def _last_digits(_: str, phone: str, __: str) -> str:
    return "".join(filter(str.isdigit, phone))[-7:]


def _mailbox(_: str, __: str, email: str) -> str:
    return email.partition("@")[0][:9]


def _lead(plan: Plan, chance: Random) -> int:
    """A job that is not booked yet."""
    while not is_lead(job := chance.randrange(1, plan.jobs + 1)):
        pass
    return job


def _candidates(_: Office, plan: Plan, chance: Random, times: int) -> Sequence[Request]:
    return [Request(f"/jobs/{_lead(plan, chance)}/candidates/") for _ in range(times)]


def _new_lead(office: Office, plan: Plan, chance: Random, times: int) -> Sequence[Request]:
    """Saving, and the page it leads to, with who it may be: half of them are known already."""
    requests = []
    for place in range(times):
        known = person(plan.seed, chance.randrange(1, plan.customers))
        who = known if place % 2 else person(plan.seed + 1, chance.randrange(1, plan.customers))
        requests.append(
            office.filled("/leads/new/", name=who.name, phone=who.phone, email=who.email)
        )
    return requests


def _link(office: Office, plan: Plan, chance: Random, times: int) -> Sequence[Request]:
    """Leads, each to a customer who is somebody else."""
    leads = filter(is_lead, _shuffled(chance, range(1, plan.jobs + 1)))

    def form(job: int) -> Request:
        to = chance.randrange(1, plan.customers - len(plan.busy))
        return office.filled(f"/jobs/{job}/link/?customer={to}", f"/jobs/{job}/link/")

    return _first(times, leads, form)


def _merge(office: Office, plan: Plan, chance: Random, times: int) -> Sequence[Request]:
    """Two with ten jobs each: the last of every round of customers has so many."""
    with_ten = range(len(JOBS), plan.customers - len(plan.busy), len(JOBS))
    shuffled = _shuffled(chance, with_ten)

    def form(pair: tuple[int, int]) -> Request:
        address = "/customers/merges/new/"
        return office.filled(f"{address}?ids={pair[0]}&ids={pair[1]}", address)

    return _first(times, zip(shuffled, shuffled, strict=False), form)


def _payment(office: Office, plan: Plan, chance: Random, times: int) -> Sequence[Request]:
    """A dollar, put on the oldest open invoice of somebody who owes."""

    def owes(customer: int) -> bool:
        return any(is_owed(job) for job in plan.jobs_of(customer))

    def form(customer: int) -> Request:
        address = f"/customers/{customer}/payments/new/"
        return office.filled(address, amount="1.00", method="cash")

    customers = _shuffled(chance, range(1, plan.customers - len(plan.busy)))
    return _first(times, filter(owes, customers), form)


def _shuffled(chance: Random, some: Sequence[int]) -> Iterator[int]:
    """All of them once, in any order; of a million, no more is drawn than is asked for."""
    drawn: set[int] = set()
    while len(drawn) < len(some):
        one = chance.choice(some)
        if one not in drawn:
            drawn.add(one)
            yield one


def _first(times: int, some: Iterable[One], form: Callable[[One], Request]) -> list[Request]:
    """So many forms; where an earlier measurement left nothing to do, the next one is taken."""
    found: list[Request] = []
    for one in some:
        if len(found) == times:
            break
        with suppress(Refused):
            found.append(form(one))
    return found


OPERATIONS = (
    Operation("customers list, first page", _page("/customers/"), 15),
    Operation("customer page: details", _page("/customers/{customer}/"), 15),
    Operation("customer page: moving jobs", _page("/customers/{customer}/jobs/"), 15),
    Operation("customer page: invoices", _page("/customers/{customer}/invoices/"), 15),
    Operation("customer page: payments", _page("/customers/{customer}/payments/"), 15),
    Operation("customer page: history", _page("/customers/{customer}/history/"), 15),
    Operation("the same, 500 jobs", _busiest("/customers/{customer}/jobs/", 0), 20),
    Operation("invoices, 500 jobs", _busiest("/customers/{customer}/invoices/", 0), 20),
    Operation("invoices, 5,000 jobs", _busiest("/customers/{customer}/invoices/", 1)),
    Operation("leads", _page("/leads/")),
    Operation("duplicates", _page("/duplicates/")),
    Operation("billing: open invoices", _page("/billing/")),
    Operation("search, part-names", _typed(_part_names), 4),
    Operation("search, last digits of a phone", _typed(_last_digits), 4),
    Operation("search, start of an email", _typed(_mailbox), 4),
    Operation("possible repeat customers of a lead, the screen", _candidates),
    Operation("new lead saved, and its page", _new_lead, 15, follows=True),
    Operation("job linked", _link, 15),
    Operation("two customers merged, 10 jobs each", _merge, 50),
    Operation("payment recorded and applied", _payment, 12),
)
