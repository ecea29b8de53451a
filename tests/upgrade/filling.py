"""A small book in which every part of Carter was used, and its keeping: see making.py."""

from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import django

django.setup()

from django.conf import settings  # noqa: E402 after the set-up
from django.db import connection  # noqa: E402

from carter import version  # noqa: E402
from carter.backup.keeping import back_up  # noqa: E402
from carter.billing.crediting import credit_invoice  # noqa: E402
from carter.billing.taking_back import refund_payment  # noqa: E402
from carter.companies.models import Company, Member  # noqa: E402
from carter.customers.labelling import tag_customer  # noqa: E402
from carter.gateway.charging import charge_on_file  # noqa: E402
from carter.gateway.connecting import change_account  # noqa: E402
from carter.jobs.linking import link_job, unlink_job  # noqa: E402
from carter.matching.decide import not_the_same, same_household  # noqa: E402
from carter.matching.keying import refresh_keys  # noqa: E402
from carter.merging.merge import merge_customers  # noqa: E402
from carter.merging.split import split_customer  # noqa: E402
from carter.merging.undo import undo_merge  # noqa: E402
from carter.recurring.pausing import pause_schedule  # noqa: E402
from carter.search.indexing import refresh_words  # noqa: E402
from tests.builders import (  # noqa: E402
    a_charge,
    a_company,
    a_customer,
    a_job,
    a_lead,
    a_member,
    a_payment,
    a_storage_job,
    an_invoice,
    some_locations,
    the_owner,
)
from tests.gateway.directing import KEY, WEBHOOK_SECRET, StandIn, a_card, a_stand_in  # noqa: E402
from tests.outbox.builders import a_letter  # noqa: E402
from tests.recurring.builders import a_schedule, at  # noqa: E402
from tests.transfer.importing import an_import, the_sample, undone  # noqa: E402
from tests.upgrade.exports import export_all  # noqa: E402
from tests.upgrade.making import DAY, FOLDER  # noqa: E402


def fill(gateway: StandIn) -> Company:
    """A company in Denver, one in Berlin, and what happened there."""
    company = a_company("Kept Movers", owner="Ada Owner", has_storage=True)
    ada = the_owner(company)
    a_member(company, name="Sam Sales")
    a_customer(a_company("Other Movers", owner="Olaf Other"), "Eva Klein", phone="303 555 0199")
    take_money(company, ada)
    keep_goods(company, ada)
    use_cards(company, ada, gateway)
    import_files(company, ada)
    fold_and_split(company, ada)
    refresh_keys(company)
    refresh_words(company)
    return company


def take_money(company: Company, ada: Member) -> None:
    """Moves that were charged, invoiced, paid in part, refunded, credited."""
    for number in range(1, 9):
        who: dict[str, Any] = {"phone": f"303 555 01{number:02}", "street": f"{number} Oak St"}
        customer = a_customer(company, f"Ann Lee {number}", by=ada, **who)
        job = a_job(customer, move_on=date(2026, 11, number), origin_city="Denver", by=ada)
        invoice = an_invoice([a_charge(job, 100_00 * number), a_charge(job, 45_67, kind="fuel")])
        a_payment(job, 60_00 * number, reference=f"check {number}")
        if number == 3:
            refund_payment(a_payment(customer, 25_00, to={}), amount_cents=10_00, by=ada)
        if number == 4:
            credit_invoice(invoice, amount_cents=5_00, reason="Late", by=ada)
        customer.add_note("Prefers mornings.", by=ada)
        tag_customer(customer, "Oak Street", by=ada)
    a_lead(company, "Carol Caller", phone="720 555 0111", email="carol@example.com", by=ada)
    a_letter(company)
    a_letter(company, state="unsure")


def keep_goods(company: Company, ada: Member) -> None:
    """Storage that is invoiced every month, some of it paused."""
    for place, location in enumerate(some_locations(company)):
        customer = a_customer(company, f"Storing {place}", by=ada)
        stored = a_storage_job(customer, on=date(2026, 11, 1), locations=[location], by=ada)
        schedule = a_schedule(stored, starts_on="2026-11-01")
        if place == 2:
            pause_schedule(schedule, from_on=date(2027, 1, 1), reason="Abroad", by=ada)


def use_cards(company: Company, ada: Member, gateway: StandIn) -> None:
    """A card on file that was charged, one that was declined."""
    settings.STRIPE_URL = gateway.url
    change_account(
        company, secret_key=KEY, webhook_secret=WEBHOOK_SECRET, has_auto_pay=True, by=ada
    )
    for number in ("4242424242424242", "4000000000009995"):
        customer = a_customer(company, f"Card {number[-4:]}", by=ada)
        card = a_card(gateway, customer, number)
        charge_on_file(invoice=an_invoice([a_charge(customer, 77_00)]), method=card, by=ada)


def import_files(company: Company, ada: Member) -> None:
    """One file that stands, one that was taken back."""
    some = b"".join(the_sample("hubspot-contacts.csv").splitlines(keepends=True)[:31])
    an_import(company, some, name="hubspot.csv", by=ada)
    undone(an_import(company, b"Name,Phone\nTaken Back,303 555 0777\n", by=ada), by=ada)


def fold_and_split(company: Company, ada: Member) -> None:
    """Links, decisions, a merge that was undone, one of two that stands, a split."""
    ann = {number: company.customers.get(name=f"Ann Lee {number}") for number in range(1, 9)}
    lead = a_lead(company, "Ann Lee", phone="303 555 0101", by=ada)
    link_job(lead, to=ann[1], by=ada)
    other = a_lead(company, "Anne Lee", phone="303 555 0102", by=ada)
    link_job(other, to=ann[2], by=ada)
    unlink_job(other, by=ada)
    same_household(ann[1], ann[2], by=ada)
    not_the_same(ann[1], ann[3], by=ada)
    undo_merge(merge_customers(survivor=ann[5], duplicates=[ann[6]], by=ada), by=ada)
    job = ann[7].jobs.get()
    split_customer(source=ann[7], rows=[job], to=ann[8], by=ada)
    export_all(company, FOLDER / version() / "before-merge", by=ada)
    merge_customers(survivor=ann[4], duplicates=[ann[5], ann[6]], reason="One family", by=ada)


def keep(company: Company) -> None:
    folder = FOLDER / version()
    export_all(company, folder, by=the_owner(company))
    back_up(place := folder / f"{connection.vendor}.zip")
    squeeze(place)


def squeeze(place: Path) -> None:
    """Make the file as small as it can be: it is kept for ever."""
    with ZipFile(place) as file:
        found = {name: file.read(name) for name in file.namelist()}
    with ZipFile(place, "w", ZIP_DEFLATED, compresslevel=9) as file:
        for name, content in found.items():
            file.writestr(name, content)


if __name__ == "__main__":
    with at(DAY), a_stand_in() as gateway:
        keep(fill(gateway))
