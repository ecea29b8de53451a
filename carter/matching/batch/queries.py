"""Finding the pairs worth weighing, in SQL that DuckDB and Spark both read.

It starts from three tables: `keys` (record, key), `prints` (record, print) and, at the end,
`weighed` (one, other, probability, verdict). Records are numbers in the order of the book, keys
and prints digests (counts.py).
"""

from carter.matching.keys import CAP, MOST_COPIES

# Equal records that say who they are: the first is compared with others, and stands for the rest.
EQUALS = """
    SELECT record, first, copies FROM (
        SELECT record, MIN(record) OVER (PARTITION BY print) AS first,
            COUNT(*) OVER (PARTITION BY print) AS copies
        FROM prints
    ) AS grouped
    WHERE copies > 1
"""
FILED = f"""
    SELECT keys.key, keys.record, LEAST(COALESCE(equals.copies, 1), {MOST_COPIES}) AS copies
    FROM keys LEFT JOIN equals ON equals.record = keys.record
    WHERE equals.record IS NULL OR equals.first = keys.record
"""  # noqa: S608 (a number of ours)
HOLDERS = """
    SELECT key, CAST(SUM(copies) AS BIGINT) AS holders, COUNT(*) AS firsts
    FROM filed GROUP BY key HAVING SUM(copies) > 1
"""
PAIRS = f"""
    WITH few AS (SELECT key FROM holders WHERE firsts > 1 AND holders <= {CAP}),
    finding AS (SELECT filed.key, filed.record FROM filed JOIN few ON few.key = filed.key)
    SELECT DISTINCT one.record AS one, other.record AS other
    FROM finding AS one JOIN finding AS other ON one.key = other.key AND one.record < other.record
    UNION ALL
    SELECT DISTINCT first, first FROM equals
"""  # noqa: S608 (a number of ours)

STEPS = {"equals": EQUALS, "filed": FILED, "holders": HOLDERS, "pairs": PAIRS}
"""The tables to make, in this order, each by its query."""

COUNTED = "SELECT key, holders FROM holders WHERE holders > 2 ORDER BY key"

# Of very many equal records only the first is named in a pair with another; the others are
# connected through it.
JUDGED = f"""
    WITH together AS (SELECT first, record FROM equals WHERE copies <= {CAP}),
    behind AS (SELECT first, record FROM equals WHERE copies > {CAP} AND record <> first),
    judged AS (
        SELECT COALESCE(these.record, weighed.one) AS one,
            COALESCE(those.record, weighed.other) AS other, probability, verdict
        FROM weighed LEFT JOIN together AS these ON these.first = weighed.one
        LEFT JOIN together AS those ON those.first = weighed.other
        WHERE weighed.one <> weighed.other OR these.record < those.record
        UNION ALL
        SELECT weighed.one, behind.record AS other, probability, verdict
        FROM weighed JOIN behind ON behind.first = weighed.one WHERE weighed.one = weighed.other
    )
    SELECT LEAST(one, other) AS one, GREATEST(one, other) AS other, probability, verdict
    FROM judged ORDER BY 1, 2
"""  # noqa: S608 (numbers of ours)
