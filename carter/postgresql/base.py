"""PostgreSQL as Django has it, where every number that fits is sent as an `integer`.

By itself psycopg sends a small one as a `smallint`. PostgreSQL keeps a statement prepared for the
types of its values: one that names three rows would have to be planned in eight forms, and most
would not be asked often enough by a connection to be kept.
"""

from django.db.backends.postgresql.base import DatabaseWrapper
from psycopg import adapters
from psycopg.adapt import Dumper, PyFormat
from psycopg.types.numeric import (
    Int4,
    Int4BinaryDumper,
    Int4Dumper,
    IntBinaryDumper,
    IntDumper,
)

__all__ = ["DatabaseWrapper"]


class Number(IntDumper):
    """Sends whole numbers, as text."""

    small: Dumper = Int4Dumper(Int4)

    def get_key(self, obj: int, form: PyFormat) -> type:
        return self.upgrade(obj, form).cls

    def upgrade(self, obj: int, form: PyFormat) -> Dumper:
        return self.small if -(2**15) <= obj < 2**15 else super().upgrade(obj, form)


class BinaryNumber(Number, IntBinaryDumper):
    """Sends them in binary, as it is mostly done."""

    small = Int4BinaryDumper(Int4)


for dumper in (Number, BinaryNumber):  # The last is taken where either would do.
    adapters.register_dumper(int, dumper)
