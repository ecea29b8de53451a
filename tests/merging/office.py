"""An office that works with two books: in one it links, merges and splits, in the other never.

What it does to the first it does to the second as well, to the record for which the row was made
in the first. So when everything is undone, the two books have to be the same.
"""

import random
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import zip_longest

import time_machine
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from carter.billing.ledger import (
    CannotPost,
    counter_charge,
    give_credit,
    log_charge,
    record_payment,
)
from carter.billing.models import Charge, Entry
from carter.customers.adding import NewCustomer, add_customer
from carter.customers.changing import (
    add_detail,
    change_customer,
    make_current,
    make_former,
    make_primary,
)
from carter.customers.field_log import FIELDS, write_values
from carter.customers.following import followers
from carter.customers.labelling import tag_customer
from carter.customers.models import Customer, Email, Event, Phone
from carter.jobs.linking import CannotLink, link_job, offered_details, standing_link, unlink_job
from carter.jobs.models import Job
from carter.jobs.moving import change_intake, move_to_stage
from carter.merging.counting import holdings_of
from carter.merging.giving import giveable, kinds_given
from carter.merging.merge import merge_customers
from carter.merging.models import Merge, Split
from carter.merging.planning import plan_merge
from carter.merging.split import split_customer
from carter.merging.split_planning import CannotSplit
from carter.merging.split_undo import undo_split
from carter.merging.split_undo_planning import made_since_split, plan_undo_split
from carter.merging.undo import undo_merge
from carter.merging.undo_planning import made_since, plan_undo
from tests.builders import a_company, a_customer, a_lead
from tests.merging.book import book_of

NAMES = st.sampled_from(["Bob Smith", "Robert Smith", "Ann Lee", "O’Hara", "王伟", "Acme LLC"])
PHONES = st.sampled_from(["303 555 0142", "720 555 0199", ""])
VALUES = {
    "name": NAMES,
    "lead_source": st.sampled_from(["", "Yelp", "Google"]),
    "bill_to": st.sampled_from(["", "Acme"]),
    "do_not_service": st.booleans(),
}
CENTS = st.integers(1, 10**7)
CHANCE = st.integers(0, 2**32)


class Office(RuleBasedStateMachine):
    """People do whatever they can to one book, and what is not undone later to its twin."""

    done = 0
    """Merges and undone merges so far, over all examples."""

    def __init__(self) -> None:
        super().__init__()
        self.undone_at_the_end = transaction.atomic()
        self.undone_at_the_end.__enter__()
        self.now = datetime(2026, 3, 2, 9, tzinfo=UTC)
        self.told = set()
        with self.a_moment():
            self.ours, self.twin = a_company("Ours"), a_company("Twin")

    def teardown(self) -> None:
        try:
            self.undo_everything()
            self.check_that_the_books_are_the_same()
        finally:
            transaction.set_rollback(True)
            self.undone_at_the_end.__exit__(None, None, None)

    @contextmanager
    def a_moment(self):
        """Both books see the same moment, a later one each time."""
        self.now += timedelta(minutes=1)
        with time_machine.travel(self.now, tick=False):
            yield

    @contextmanager
    def telling(self):
        """What links, merges and splits say of themselves, the twin does not say."""
        events = Event.across_companies.filter(company=self.ours)
        before = set(events.values_list("pk", flat=True))
        yield
        self.told |= set(events.values_list("pk", flat=True)) - before

    @initialize(names=st.lists(NAMES, min_size=3, max_size=4))
    def open_the_book(self, names):
        for name in names:
            self.add_customer(name, "303 555 0142")
        self.take_lead("Bob Smith", "720 555 0199")
        self.take_lead("Ann Lee", "")

    # What both books see

    def customer(self, chance):
        """A current customer, by chance."""
        return random.Random(chance).choice(list(self.ours.customers.current().order_by("pk")))

    def job(self, chance):
        return random.Random(chance).choice(list(self.ours.jobs.order_by("pk")))

    def twin_of(self, row):
        """The twin of a customer or a job by its number, of anything else by its place."""
        model = type(row)
        theirs = model._base_manager.filter(company=self.twin)
        if model in (Customer, Job):
            return theirs.get(number=row.number)
        ours = model._base_manager.filter(company=self.ours, pk__lt=row.pk)
        return theirs.order_by("pk")[ours.count()]

    @rule(name=NAMES, phone=PHONES)
    def add_customer(self, name, phone):
        with self.a_moment():
            for company in (self.ours, self.twin):
                a_customer(company, name, phone=phone)

    @rule(name=NAMES, phone=PHONES)
    def take_lead(self, name, phone):
        with self.a_moment():
            for company in (self.ours, self.twin):
                a_lead(company, name, phone=phone)

    @rule(chance=CHANCE)
    def repeat_customer(self, chance):
        customer = self.customer(chance)
        with self.a_moment():
            for known in (customer, self.twin_of(customer)):
                a_lead(known.company, "Said", customer=known)

    @rule(chance=CHANCE, data=st.data(), field=st.sampled_from(sorted(VALUES)))
    def change_a_field(self, chance, data, field):
        value, customer = data.draw(VALUES[field]), self.customer(chance)
        if value == getattr(customer, field):
            return
        twin = self.twin_of(customer)
        with self.a_moment():
            for known in (customer, twin):
                if value == getattr(known, field):
                    shown = Event.across_companies.filter(company=self.ours).latest("pk").changes
                    known.record("changed the details", by=None, changes=shown)
                else:
                    was = {field: getattr(known, field)}
                    change_customer(known, values={field: value}, was=was, by=None)

    @rule(chance=CHANCE, kind=st.sampled_from(["phones", "emails", "contacts"]))
    def add_detail(self, chance, kind):
        customer = self.customer(chance)
        said = {"name": "Ann"} if kind == "contacts" else {"text": f"{chance}@example.com"}
        with self.a_moment():
            for known in (customer, self.twin_of(customer)):
                add_detail(known, kind, by=None, **said)

    @rule(chance=CHANCE, deed=st.sampled_from([make_primary, make_former, make_current]))
    def change_the_standing(self, chance, deed):
        rows = [*self.ours.phones.order_by("pk"), *self.ours.emails.order_by("pk")]
        if not rows:
            return
        detail = random.Random(chance).choice(rows)
        if deed is make_primary and detail.is_former:
            return
        twin = self.twin_of(detail)
        with self.a_moment():
            deed(detail, by=None)
            told = Event.across_companies.filter(company=self.ours).latest("pk")
            if deed is not make_primary or detail.customer.number == twin.customer.number:
                deed(twin, by=None)
                self.tell_as(told)
            else:
                self.twin_of(told.born_to).record(told.what, by=None)

    def tell_as(self, told):
        """Let the twin's last line be with whom ours is: a line is told where people look."""
        with_whom = self.twin_of(told.born_to)
        last = Event.across_companies.filter(company=self.twin).latest("pk")
        Event.across_companies.filter(pk=last.pk).update(customer=with_whom, born_to=with_whom)

    @rule(chance=CHANCE)
    def note(self, chance):
        job = self.job(chance)
        with self.a_moment():
            for row in (job, self.twin_of(job), job.customer, self.twin_of(job.customer)):
                row.add_note("Piano.", by=None)

    @rule(chance=CHANCE, name=st.sampled_from(["VIP", "Military"]))
    def tag(self, chance, name):
        customer = self.customer(chance)
        if not customer.customer_tags.filter(tag__name=name).exists():
            with self.a_moment():
                for known in (customer, self.twin_of(customer)):
                    tag_customer(known, name, by=None)

    @rule(chance=CHANCE, name=NAMES)
    def work_on_a_job(self, chance, name):
        job = self.job(chance)
        stage = random.Random(chance).choice([*job.next_stages, job.stage])
        with self.a_moment():
            for row in (job, self.twin_of(job)):
                change_intake(row, values={"name": name}, was={"name": row.name}, by=None)
                move_to_stage(row, stage, reason="Why not", by=None)

    @rule(chance=CHANCE, cents=CENTS, on_account=st.booleans())
    def charge(self, chance, cents, on_account):
        self.post(log_charge, chance, on_account, kind="labour", amount_cents=cents)

    @rule(chance=CHANCE, cents=CENTS, on_account=st.booleans())
    def pay(self, chance, cents, on_account):
        self.post(record_payment, chance, on_account, method="cash", amount_cents=cents, to={})

    @rule(chance=CHANCE, cents=CENTS, on_account=st.booleans())
    def credit(self, chance, cents, on_account):
        self.post(give_credit, chance, on_account, amount_cents=cents, description="A lamp", to={})

    def post(self, deed, chance, on_account, **said):
        job = self.job(chance)
        twin_job, twin = self.twin_of(job), self.twin_of(job.customer)
        with self.a_moment():
            for row, customer in ((job, job.customer), (twin_job, twin)):
                deed(customer=customer, job=None if on_account else row, by=None, **said)

    @rule(chance=CHANCE)
    def counter(self, chance):
        charges = list(Charge.across_companies.filter(company=self.ours).order_by("pk"))
        if not charges:
            return
        charge = random.Random(chance).choice(charges)
        twin = self.twin_of(charge)
        with self.a_moment():
            try:
                counter_charge(charge, by=None)
            except CannotPost:
                return
            counter_charge(twin, by=None)
            told = Event.across_companies.filter(company=self.ours).latest("pk")
            if charge.job is None:
                self.tell_as(told)

    # What the twin never sees

    @rule(chance=CHANCE, bring=st.booleans())
    def link(self, chance, bring):
        job, to = self.job(chance), self.customer(chance + 1)
        bringing = offered_details(job, to=to) if bring else []
        with self.a_moment(), self.telling():
            try:
                link_job(job, to=to, bringing=bringing, by=None)
            except CannotLink:
                assert job.customer == to

    @rule(chance=CHANCE)
    def unlink(self, chance):
        job = self.job(chance)
        if standing_link(job):
            with self.a_moment(), self.telling():
                unlink_job(job, by=None)

    @rule(chance=CHANCE, count=st.integers(2, 3))
    def merge(self, chance, count):
        current = list(self.ours.customers.current().order_by("pk"))
        if len(current) < count + 1:
            return
        by_chance = random.Random(chance)
        survivor, *duplicates = chosen = by_chance.sample(current, count)
        self.fold(survivor, duplicates, {field: by_chance.choice(chosen).pk for field in FIELDS})

    def fold(self, survivor, duplicates, choices):
        plan = plan_merge(survivor, duplicates, choices=choices)
        with self.a_moment(), self.telling():
            merge_customers(
                survivor=survivor,
                duplicates=duplicates,
                choices=choices,
                fingerprint=plan.fingerprint,
                by=None,
            )
        assert plan_merge(survivor.refreshed(), []).money_after == plan.money_after
        Office.done += 1

    @rule(chance=CHANCE, hand=st.booleans(), put=st.booleans())
    def undo_a_merge(self, chance, hand, put):
        standing = list(Merge.across_companies.filter(company=self.ours, undone_at=None))
        if standing:
            self.undo(random.Random(chance).choice(standing), hand=hand, put=put)

    def undo(self, merge, *, hand=False, put=False):
        plan = plan_undo(merge)
        target = plan.returning[0].duplicate
        handing = dict.fromkeys(made_since(plan), target) if hand else {}
        conflicts = plan.conflicts if put else []
        with self.a_moment(), self.telling():
            undo_merge(
                merge,
                handing=handing,
                put_back=[conflict.field for conflict in conflicts],
                fingerprint=plan.fingerprint,
                by=None,
            )
            twin = self.twin_of(merge.survivor)
            for conflict in conflicts:
                if getattr(twin, conflict.field) != conflict.value_before:
                    write_values(twin, {conflict.field: conflict.value_before}, by=None)
        Office.done += 1

    @rule(chance=CHANCE, count=st.integers(8, 24))
    def merge_and_undo_for_a_while(self, chance, count):
        by_chance = random.Random(chance)
        for _ in range(count):
            if by_chance.random() < 0.5:
                self.merge(by_chance.random(), 2)
            else:
                self.undo_a_merge(by_chance.random(), hand=False, put=False)

    @rule(chance=CHANCE, new=st.booleans())
    def split(self, chance, new):
        source, by_chance = self.customer(chance), random.Random(chance)
        rows = [row for kind in kinds_given() for row in giveable(kind, source)]
        others = list(self.ours.customers.current().exclude(pk=source.pk).order_by("pk"))
        if not rows or not (others or new):
            return
        chosen = by_chance.sample(rows, by_chance.randint(1, len(rows)))
        self.part(source, chosen, None if new else by_chance.choice(others))

    def part(self, source, chosen, to):
        made = None if to else NewCustomer(name="Mary", origin=Customer.Origin.SPLIT)
        with self.a_moment():
            if made:
                add_customer(company=self.twin, new=made, by=None)
            with self.telling():
                split_customer(source=source, rows=chosen, to=to, new=made, by=None)
            made_line = Event.across_companies.filter(company=self.ours, what="added the customer")
            self.told -= set(made_line.values_list("pk", flat=True))

    @rule(chance=CHANCE)
    def undo_a_split(self, chance):
        standing = list(Split.across_companies.filter(company=self.ours, undone_at=None))
        if standing:
            self.take_back(random.Random(chance).choice(standing), hand=chance % 2)

    def take_back(self, split, *, hand=False):
        """What a linked job took along since goes back first; a person is told so before."""
        plan = plan_undo_split(split)
        handing = made_since_split(plan) if hand else ()
        refused = True
        with self.a_moment(), self.telling(), suppress(CannotSplit):
            undo_split(split, handing=handing, fingerprint=plan.fingerprint, by=None)
            refused = False
        assert refused == bool(plan.in_the_way)
        if not (refused or handing):
            self.check_that_it_is_as_the_plan_said(plan)

    def check_that_it_is_as_the_plan_said(self, plan):
        now = holdings_of([customer.pk for customer in plan.customers])
        for customer in plan.customers:
            assert now[customer.pk].money == plan.money_after(customer)
        left = {kind: count for kind, count in plan.counts_after.items() if kind != TOLD}
        holds = now[plan.holder.pk].counts
        assert left == {kind: count for kind, count in holds.items() if kind != TOLD}

    def undo_everything(self):
        chance = random.Random(self.done)
        while undoing := [*self.standing_links(), *self.standing(Merge), *self.standing(Split)]:
            chance.shuffle(undoing)
            for deed in undoing:
                match deed.refreshed():
                    case Job() as job if standing_link(job):
                        with self.a_moment(), self.telling():
                            unlink_job(job, by=None)
                    case Merge() as merge if merge.stands:
                        self.undo(merge)
                    case Split() as split if split.stands:
                        self.take_back(split)

    def standing(self, kind):
        return list(kind.across_companies.filter(company=self.ours, undone_at=None))

    def standing_links(self):
        return list(self.ours.jobs.filter(links__undone_at=None, links__isnull=False).distinct())

    # What holds at any time

    @invariant()
    def every_row_is_with_the_head_of_its_record(self):
        edges = dict(self.ours.customers.values_list("pk", "merged_into"))
        for customer, born_to in of_every_kind(HELD, followers(), self.ours):
            assert customer == end(born_to, edges)

    @invariant()
    def what_hangs_on_a_job_is_where_the_job_is(self):
        hanging = [model for model in followers() if hasattr(model, "job")]
        assert of_every_kind(TORN_FROM_ITS_JOB, hanging, self.ours) == []

    @invariant()
    def every_row_has_a_current_customer(self):
        current = set(self.ours.customers.current().values_list("pk", flat=True))
        assert set(self.ours.jobs.values_list("customer", flat=True)) <= current

    @invariant()
    def the_company_is_owed_what_its_twin_is_owed(self):
        assert owed(self.ours) == owed(self.twin)

    @invariant()
    def a_field_has_the_value_of_its_newest_write_that_stands(self):
        written = {}
        writes = self.ours.field_writes.filter(withdrawn_at=None).order_by("pk")
        for customer, field, value in writes.values_list("customer", "field", "new"):
            written[customer, field] = value
        customers = {customer.pk: customer for customer in self.ours.customers.all()}
        for (customer, field), value in written.items():
            assert getattr(customers[customer], field) == value

    @invariant()
    def everybody_has_one_main_one_of_each_kind_in_use(self):
        for model in (Phone, Email):
            rows = model.across_companies.filter(company=self.ours)
            mains = list(rows.filter(is_primary=True).values_list("customer", flat=True))
            used = set(rows.filter(former_at=None).values_list("customer", flat=True))
            assert sorted(mains) == sorted(used)

    def look(self):
        """Look whether everything holds now that has to hold at any time."""
        for invariant_of in self.invariants:
            invariant_of.function(self)

    def check_that_the_books_are_the_same(self):
        ours = book_of(self.ours, besides=self.told, made_out=False)
        twin = book_of(self.twin, made_out=False)
        for table in ours:
            pairs = zip_longest(ours[table], twin[table])
            differing = [(one, other) for one, other in pairs if one != other]
            assert not differing, (table, *differing[:5])


TOLD = Event._meta.label_lower
HELD = "SELECT DISTINCT customer_id, born_to_id FROM {table} WHERE company_id = %s"
TORN_FROM_ITS_JOB = """
    SELECT row.id, job.id FROM {table} row JOIN jobs_job job ON job.id = row.job_id
    WHERE row.company_id = %s AND row.born_to_id <> job.born_to_id
"""


def of_every_kind(statement, models, company):
    """What the database answers of the tables of some models, in one query."""
    asked = " UNION ALL ".join(statement.format(table=model._meta.db_table) for model in models)
    with connection.cursor() as cursor:
        cursor.execute(asked, [company.pk] * len(models))
        return cursor.fetchall()


def end(record, edges):
    """Where a record's chain of merges ends."""
    while edges[record] is not None:
        record = edges[record]
    return record


def owed(company):
    """What all customers of a company owe together, in cents."""
    entries = Entry.across_companies.filter(company=company)
    return entries.aggregate(cents=Sum("amount_cents"))["cents"]
