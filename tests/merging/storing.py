"""The office also stores goods, and has some of them paid from a card on file by themselves.

Neither a merge nor a link, a split or an undo changes what is agreed: schedules, cards, consents,
periods and what is to be collected stay as they are, with their storage job.
"""

import random
from contextlib import contextmanager, suppress
from datetime import date, timedelta

from django.db.models import F
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from carter.billing.ledger import record_payment
from carter.billing.lines import Line
from carter.customers.models import Event
from carter.gateway.collecting import due_collections
from carter.gateway.models import AutoPayStop, Collection
from carter.gateway.storing import remove_method
from carter.gateway.switches import allow_auto_pay, auto_pay_is_on_for, stop_auto_pay
from carter.recurring import checking
from carter.recurring.billing import bill_due
from carter.recurring.leaving import CannotMoveOut
from carter.recurring.models import SchedulePeriod
from carter.recurring.moving_out import move_out
from carter.recurring.scheduling import change_schedule, start_schedule
from tests.builders import a_storage_job
from tests.gateway.builders import a_card_on_file
from tests.merging.book import what_is_agreed
from tests.merging.office import CENTS, CHANCE, NAMES, Office, end

MONTHS = 6
"""So many pass in a day of the office: each invoices all that is stored."""
SAID = {"name": "Said"}
FOR_EVER = date(9999, 1, 1)


class StoringOffice(Office):
    """An office with a warehouse, where auto-pay is turned on and off all the time."""

    def __init__(self):
        super().__init__()
        self.months = 0

    def stored(self, chance):
        """Goods in storage, by chance, with their twin; None when there are none."""
        found = list(self.ours.storage_jobs.filter(job__stage="in-storage").order_by("pk"))
        if not found:
            return None
        ours = random.Random(chance).choice(found)
        return ours, self.twin.storage_jobs.get(job=self.twin_of(ours.job))

    @initialize(names=st.lists(NAMES, min_size=3, max_size=4))
    def open_the_book(self, names):
        super().open_the_book(names)
        for chance in range(2):
            self.store_goods(chance, cents=10_000, on_account=bool(chance))

    @rule(chance=CHANCE, cents=CENTS, on_account=st.booleans())
    def store_goods(self, chance, cents, on_account):
        """Take goods in, and have their recurring invoices paid from a card on file."""
        customer = self.customer(chance)
        known = (customer, self.twin_of(customer))
        with self.a_moment():
            stored = [a_storage_job(each, on=each.company.today, intake=SAID) for each in known]
            for storage_job in stored:
                card = self.put_on_file(storage_job.job, customer, on_account=on_account)
                self.agree(storage_job, cents, card)

    @rule(chance=CHANCE, on_account=st.booleans())
    def put_a_card_on_file(self, chance, on_account):
        job = self.job(chance)
        with self.a_moment():
            self.put_on_file(job, job.customer, on_account=on_account)
            self.put_on_file(self.twin_of(job), job.customer, on_account=on_account)

    def put_on_file(self, job, known, *, on_account):
        """A card for a job, or for all that is owed by the customer whom we know for its own."""
        customer = known if job.company == self.ours else self.twin_of(known)
        key = str(self.now.timestamp())
        return a_card_on_file(customer, job=None if on_account else job, key=key)

    @rule(chance=CHANCE)
    def take_a_card_off_file(self, chance):
        cards = list(self.ours.stored_methods.on_file().order_by("pk"))
        if not cards:
            return
        card = random.Random(chance).choice(cards)
        twin = self.twin_of(card)
        with self.a_moment():
            remove_method(card, by=None)
            told = Event.across_companies.filter(company=self.ours).latest("pk")
            remove_method(twin, by=None)
            if card.job is None:
                self.tell_as(told)

    @rule(chance=CHANCE, cents=CENTS, pays_itself=st.booleans())
    def turn_auto_pay_on_or_off(self, chance, cents, pays_itself):
        if (pair := self.stored(chance)) is None:
            return
        cards = self.cards_for(*pair) if pays_itself else []
        card = random.Random(chance).choice(cards) if cards else (None, None)
        with self.a_moment():
            for storage_job, method in zip(pair, card, strict=True):
                self.agree(storage_job, cents, method)
        self.collect_alike()

    def cards_for(self, ours, twin):
        """The cards that both books have on file for whom the goods are of, with their twins."""
        cards = self.ours.stored_methods.on_file().filter(customer=ours.job.customer)
        pairs = ((card, self.twin_of(card)) for card in cards.order_by("pk"))
        return [(card, other) for card, other in pairs if other.customer == twin.job.customer]

    def agree(self, storage_job, cents, card):
        """Set up recurring invoices, or change those there are; with auto-pay if on a card."""
        schedule = storage_job.recurring_invoices.running().first()
        terms = {"auto_pay": card is not None, "method": card}
        if schedule is None:
            today, lines = storage_job.company.today, [Line("storage", cents)]
            start_schedule(storage_job, starts_on=today, lines=lines, values=terms, by=None)
        else:
            was = {field: getattr(schedule, field) for field in terms}
            change_schedule(schedule, values=terms, was=was, by=None)

    @precondition(lambda self: self.months < MONTHS)
    @rule()
    def a_month_passes(self):
        self.months += 1
        self.now += timedelta(days=31)
        with self.a_moment():
            for company in (self.ours, self.twin):
                assert bill_due(company, company.today).failures == {}
        self.collect_alike()

    @rule(chance=CHANCE, part=st.integers(1, 3))
    def pay_an_invoice(self, chance, part):
        """All of an invoice, or a half or a third of it, of the money of its own job."""
        found = list(self.ours.invoices.filter(is_open=True).order_by("pk"))
        if not found:
            return
        invoice = random.Random(chance).choice(found)
        cents = -(-invoice.open_cents // part)
        with self.a_moment():
            for each in (invoice, self.twin_of(invoice)):
                record_payment(
                    customer=each.customer,
                    job=each.job,
                    method="check",
                    amount_cents=cents,
                    to={each: cents},
                    by=None,
                )

    def collect_alike(self):
        """A card is not charged while the goods are somebody else’s, which the twin never sees."""
        ours = Collection.across_companies.filter(company=self.ours)
        theirs = Collection.across_companies.filter(company=self.twin)
        theirs.exclude(invoice__number__in=ours.values("invoice__number")).delete()

    @rule(chance=CHANCE)
    def move_the_goods_out(self, chance):
        with self.a_moment():
            for storage_job in self.stored(chance) or ():
                with suppress(CannotMoveOut):
                    move_out(storage_job, on=storage_job.company.today, by=None)

    @rule(chance=CHANCE)
    def stop_or_allow_auto_pay(self, chance):
        customer = self.customer(chance)
        twin = self.twin_of(customer)
        with self.a_moment():
            if auto_pay_is_on_for(customer):
                stop_auto_pay(customer, by=None)
                stop_auto_pay(twin, by=None)
                return
            stops = [self.twin_of(stop) for stop in customer.auto_pay_stops.standing()]
            allow_auto_pay(customer, by=None)
            rows = AutoPayStop.across_companies.filter(pk__in=[stop.pk for stop in stops])
            rows.update(lifted_at=timezone.now())
            twin.record("turned auto-pay on", by=None)

    @contextmanager
    def telling(self):
        before = what_is_agreed(self.ours)
        with super().telling():
            yield
        assert what_is_agreed(self.ours) == before

    @invariant()
    def a_period_is_owed_by_whom_the_goods_are_of(self):
        periods = SchedulePeriod.across_companies.filter(company=self.ours, invoice__isnull=False)
        owed_by_others = periods.exclude(
            invoice__customer=F("schedule__storage_job__job__customer")
        )
        assert not owed_by_others.exists()

    @invariant()
    def nobody_is_charged_who_said_no_under_any_name(self):
        edges = dict(self.ours.customers.values_list("pk", "merged_into"))
        stops = self.ours.auto_pay_stops.standing().values_list("born_to", flat=True)
        said_no = {end(record, edges) for record in stops}
        due = self.ours.collections.due(FOR_EVER).values_list("pk", "invoice__born_to")
        charged = due_collections(self.ours, FOR_EVER).values_list("pk", flat=True)
        assert sorted(charged) == [
            pk for pk, record in sorted(due) if end(record, edges) not in said_no
        ]

    def check_that_the_books_are_the_same(self):
        super().check_that_the_books_are_the_same()
        for each in checking.RULES:
            assert each.broken_by(self.ours.pk) == (0, []), each.says
