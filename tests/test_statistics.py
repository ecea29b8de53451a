from django.db import connection

from carter.customers.models import Customer
from carter.statistics import gather_statistics, renew_statistics
from tests.builders import a_customer

TABLE = Customer._meta.db_table
KNOWN = {
    "sqlite": "SELECT MAX(CAST(stat AS INTEGER)) FROM sqlite_stat1 WHERE tbl = %s",
    "postgresql": "SELECT CAST(reltuples AS INTEGER) FROM pg_class WHERE relname = %s",
}


def value_of(question, *values):
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchone()[0]


def test_the_database_knows_how_many_rows_there_are(ours):
    for count in (3, 6):
        for _ in range(3):
            a_customer(ours)

        gather_statistics()

        assert value_of(KNOWN[connection.vendor], TABLE) == count


def test_connections_of_sqlite_that_are_open_learn_of_it(ours):
    a_customer(ours)
    gather_statistics()
    asked = []

    with connection.execute_wrapper(lambda do, sql, *rest: (asked.append(sql), do(sql, *rest))[1]):
        renew_statistics()

    made_anew = "DROP TABLE IF EXISTS sqlite_stat1" in asked
    assert (made_anew, "ANALYZE" in asked) == (connection.vendor == "sqlite",) * 2
