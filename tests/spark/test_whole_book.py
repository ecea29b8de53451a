"""Compare the Whole Book, done by Spark because a setting says so."""

from carter.matching.models import PossibleDuplicate
from carter.matching.whole_book import compare_books, start_comparing
from tests.builders import a_customer


def test_the_whole_book_run_moves_to_spark_by_a_setting(ours, ada, settings):
    for name in ("Bob Smith", "Robert Smith", "Mary Smith"):
        a_customer(ours, name, phone="303 555 0142")

    assert pairs_by("spark", ours, ada, settings) == pairs_by("duckdb", ours, ada, settings) != []


def pairs_by(engine, company, by, settings):
    """Every pair with its verdict and probability, found anew."""
    settings.MATCH_ENGINE = engine
    PossibleDuplicate.across_companies.all().delete()
    run = start_comparing(company, by=by)
    compare_books()
    assert run.refreshed().state == "finished", run.refreshed().trouble
    found = PossibleDuplicate.across_companies.filter(company=company).order_by("a", "b")
    return list(found.values_list("a", "b", "verdict", "probability"))
