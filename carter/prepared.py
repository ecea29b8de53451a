"""Questions that are asked with every page: Django writes them once.

To write a question takes Django longer than the database needs to answer it. A `Prepared` one is
an ordinary queryset with `Given` in the place of each value that is known only when it is asked.
"""

from collections.abc import Callable
from copy import copy
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.expressions import Expression
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=models.Model)


class Given(Expression):
    """A value that is given when the question is asked, under a name.

    `kind` says how it is written, where that is not how Python has it, as with a moment.
    """

    def __init__(self, name: str, kind: "models.Field[Any, Any] | None" = None) -> None:
        super().__init__(output_field=kind or models.Field())
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:
        return "%s", [self]


class Prepared(Generic[Row]):
    """A question whose answer is rows of one model, with those that come along, or values of them.

    `ask` makes the queryset; it is called when a kind of database is asked for the first time: a
    process on PostgreSQL may make itself a throwaway book on SQLite.
    """

    def __init__(self, ask: Callable[[], "models.QuerySet[Row]"]) -> None:
        self._ask = ask
        self._written: dict[str, tuple[models.QuerySet[Row], SQLCompiler]] = {}

    def __call__(self, **given: Any) -> list[Row]:
        """The rows; a keyword for each `Given`."""
        rows, written = self._written_for(connections[DEFAULT_DB_ALIAS].vendor)
        query: Any = copy(rows.query)
        query.get_compiler = lambda using=DEFAULT_DB_ALIAS, **_: _Answering(written, using, given)
        asked = rows.all()
        vars(asked)["_query"] = query  # Set as `query`, it would turn tuples into mappings.
        return list(asked)

    def _written_for(self, vendor: str) -> tuple["models.QuerySet[Row]", SQLCompiler]:
        if vendor not in self._written:
            rows = self._ask()
            compiler: Any = rows.query.get_compiler(DEFAULT_DB_ALIAS)
            compiler.written = compiler.as_sql()
            self._written[vendor] = rows, compiler
        return self._written[vendor]


class _Answering(SQLCompiler):
    """What is written already, with values, to be sent to one connection."""

    def __init__(self, written: Any, using: str, given: dict[str, Any]) -> None:
        vars(self).update(vars(written))
        self.asked = written
        self.using, self.connection, self.given = using, connections[using], given

    def as_sql(self, *_: Any, **__: Any) -> tuple[str, tuple[Any, ...]]:
        statement, places = vars(self)["written"]
        return statement, tuple(map(self._value, places))

    def get_converters(self, expressions: Any) -> Any:
        """How the values of each column are read: found once for every connection.

        Kept with the connection, of which they hold a part: what held them here kept it open.
        """
        known = vars(self.connection).setdefault("readers_of_prepared", WeakKeyDictionary())
        if self.asked not in known:
            known[self.asked] = super().get_converters(expressions)
        return known[self.asked]

    def _value(self, place: Any) -> Any:
        if not isinstance(place, Given):
            return place
        return place.output_field.get_db_prep_value(self.given[place.name], self.connection)
