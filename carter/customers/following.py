"""Who has a row: the only module that writes `customer` on what follows a customer.

Records are never folded together. A row remembers the customer it was made for, or was
deliberately moved to (`born_to`), and names the customer who has it now (`customer`). The rule,
checkable for every row at any time: `customer` is the end of `born_to`'s chain of merges, and
what hangs on a job (or another carrier) has the carrier's `born_to`. So a merge or a link can be
taken back exactly, at any time, in any order.
"""

from collections import defaultdict
from collections.abc import Iterable
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, Optional

from django.apps import apps
from django.db import connection, models
from django.db.models import Q
from django.db.models.sql import UpdateQuery

from carter.companies.tenancy import CompanyOwned

if TYPE_CHECKING:
    from carter.customers.models import Customer


class OnMerge(Enum):
    """What happens to a row that points at a customer when that customer is merged."""

    FOLLOWS = "follows the survivor, and comes back on undo"
    STAYS = "stays with the record it was made for"
    REFUSES = "keeps the customer from being merged"


class FollowsCustomer(CompanyOwned):
    """A row of a customer that follows when the customer is merged, linked or split."""

    on_merge = OnMerge.FOLLOWS

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT)
    born_to = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Fill in what the customer says: the company, for whom the row is made, who has it.

        A row that is there already stays with whom it is: the instance may have been read before
        a colleague moved it.
        """
        self.company_id = self.company_id or self.customer.company_id
        if self._state.adding:
            self._be_born()
        elif kwargs.get("update_fields") is None:
            kwargs["update_fields"] = [
                field.name
                for field in self._meta.concrete_fields
                if not field.primary_key and field.name not in ("customer", "born_to")
            ]
        super().save(*args, **kwargs)

    def _be_born(self) -> None:
        if not self.born_to_id:
            self.born_to_id = self.carrier.born_to_id if self.carrier else self.customer_id
        if self.born_to_id == self.customer_id:
            self.born_to = self.customer  # At hand, so that nobody asks for it again.
        self.customer = holder_of(self.born_to)

    @property
    def carrier(self) -> Optional["FollowsCustomer"]:
        """The row this one hangs on and moves along with, such as the job of a charge."""
        return None

    @classmethod
    def carried_by(cls, row: "FollowsCustomer") -> Q | None:
        """Which rows of this model hang on `row`; None when none can."""
        for field in cls._meta.concrete_fields:
            if field.name != "born_to" and field.related_model is type(row):
                return Q(**{field.name: row.pk})
        return None


def followers() -> list[type[FollowsCustomer]]:
    """Every model whose rows follow a customer."""
    return [model for model in apps.get_models() if issubclass(model, FollowsCustomer)]


def pointing_at(record: "type[Customer]") -> list[Any]:
    """Every model with a column that points at a customer's record; each declares `on_merge`."""
    return [
        model
        for model in apps.get_models()
        if any(field.related_model is record for field in model._meta.concrete_fields)
    ]


def move(row: FollowsCustomer, *, to: "Customer", **also: Any) -> None:
    """Give a row, with everything that hangs on it, to another customer's record.

    `also` are further columns of the row itself, written with it.
    """
    holder = holder_of(to)
    values = {BORN_TO: to.pk, CUSTOMER: holder.pk, ROW: row.pk, COMPANY: row.company_id}
    values |= dict(enumerate(also.values(), ALSO))
    statements = [
        (statement, [values.get(place, place) for place in places])
        for statement, places in statements_to_move(type(row), *also)
    ]
    own, what_hangs, *hanging = statements
    with connection.cursor() as cursor:
        cursor.execute(*own)
        cursor.execute(*what_hangs)
        for moving, hangs in zip(hanging, cursor.fetchone(), strict=True):
            if hangs:
                cursor.execute(*moving)
    row.born_to, row.customer = to, holder


def holder_of(record: "Customer") -> "Customer":
    """The customer who has the rows made for `record`: the end of its chain of merges."""
    while record.merged_into is not None:
        record = record.merged_into
    return record


def reroute(*records: "Customer", keep_rows: bool = False) -> None:
    """After edges of records changed: set where they, and all that lead to them, now lead.

    When only whom they were retired into changed, everybody may `keep_rows`. Matching keys are made
    anew of whoever leads elsewhere now and of whom they led to before: what is known of both is
    other now.
    """
    edges = _edges_near(records)
    for record in records:
        record.save(update_fields=["merged_into", "retired_into"])
        edges[record.pk] = (record.merged_into_id, record.retired_into_id, edges[record.pk][2])
    _lead(type(records[0]), edges)
    if not keep_rows:
        _hold({record.pk for record in records}, edges)
    for record in records:
        end = _chain(record.pk, edges)[-1]
        record.head_id = None if end == record.pk else end


Edges = dict[int, tuple[int | None, int | None, int | None]]
"""By record: what it was merged into, what it was retired into, and the head as it is stored."""


def _edges_near(records: Iterable["Customer"]) -> Edges:
    """The edges of every record that leads where these led, or will lead. Two queries."""
    model = type(next(iter(records)))
    ends = {each.pk for each in records}
    ends |= {pk for each in records for pk in (each.merged_into_id, each.retired_into_id) if pk}
    known = model._base_manager.filter(pk__in=ends).values_list("pk", "head")
    heads = {head or pk for pk, head in known} | ends
    near = model._base_manager.filter(Q(pk__in=heads) | Q(head__in=heads))
    rows = near.values_list("pk", "merged_into", "retired_into", "head")
    return {pk: (merged, retired, head) for pk, merged, retired, head in rows}


def _lead(model: "type[Customer]", edges: Edges) -> None:
    """Store where each record leads, when that is elsewhere than before."""
    moved: dict[int, list[int]] = defaultdict(list)
    left: set[int] = set()
    for pk, (_, _, head) in edges.items():
        end = _chain(pk, edges)[-1]
        if end != (head or pk):
            moved[end].append(pk)
            left.add(head or pk)
    for end, pks in moved.items():
        own_ends = {end} & {*pks}
        for head, those in ((end, {*pks} - own_ends), (None, own_ends)):
            if those:
                model._base_manager.filter(pk__in=those).update(head=head, keys_due=True)
    model._base_manager.filter(pk__in=left, keys_due=False).update(keys_due=True)


def _hold(changed: set[int], edges: Edges) -> None:
    """Give the rows of these records, and of all merged into them, to whom their chain ends with.

    What is merged into a record is with whoever has the record's rows; who was only retired
    into it keeps its own.
    """
    held: dict[int, list[int]] = defaultdict(list)
    for pk in edges:
        chain = _chain(pk, edges, retired=False)
        if not changed.isdisjoint(chain):
            held[chain[-1]].append(pk)
    with connection.cursor() as cursor:
        for holder, pks in held.items():
            places = ", ".join(["%s"] * len(pks))
            for model in followers():
                statement = GIVE.format(table=model._meta.db_table, places=places)
                cursor.execute(statement, [holder, *pks, holder])


# Written out: one for every kind of row, Django would take longer to write them than the database
# to carry them out.
GIVE = """
    UPDATE {table} SET customer_id = %s WHERE born_to_id IN ({places}) AND customer_id <> %s
"""


def _chain(pk: int, edges: Edges, *, retired: bool = True) -> list[int]:
    """The records from one to the end of its merges, and of its links unless these are left out."""
    chain = [pk]
    while (following := edges[pk][0] or (edges[pk][1] if retired else None)) is not None:
        chain.append(pk := following)
    return chain


BORN_TO, CUSTOMER, ROW, COMPANY, ALSO = 1_001, 1_002, 1_003, 1_004, 1_005
"""What stands in a statement for what is not known when it is written."""


Written = tuple[str, tuple[Any, ...]]
"""A statement with what stands in its places."""


@cache
def statements_to_move(kind: type[FollowsCustomer], *also: str) -> list[Written]:
    """What moves a row of a kind, what asks of which kinds others hang on it, what moves these.

    There are ten for a job, mostly with nothing to move, and to write them takes Django longer
    than to carry them out.
    """
    probe: Any = kind
    carried = [(model, model.carried_by(probe(pk=ROW))) for model in followers()]
    hanging = [_rows(model).filter(q, company=COMPANY) for model, q in carried if q is not None]
    own = _moving(_rows(kind).filter(pk=ROW), *also)
    return [own, _asking(hanging), *map(_moving, hanging)]


def _moving(rows: "models.QuerySet[Any]", *also: str) -> Written:
    update: Any = rows.query.chain(UpdateQuery)
    values = {name: place for place, name in enumerate(also, ALSO)}
    update.add_update_values({"born_to": BORN_TO, "customer": CUSTOMER, **values})
    written: Written = update.get_compiler(connection=connection).as_sql()
    return written


def _asking(hanging: "list[models.QuerySet[Any]]") -> Written:
    """Whether there are any of each kind, in one question."""
    asked = [rows.order_by().values("pk").query.sql_with_params() for rows in hanging]
    exist = ", ".join(f"EXISTS ({statement})" for statement, _ in asked)
    return f"SELECT {exist}", tuple(place for _, places in asked for place in places)


def _rows(model: type[FollowsCustomer]) -> "models.QuerySet[Any]":
    return model._base_manager.all()
