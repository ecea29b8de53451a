"""How a score adds up, in steps and as a picture."""

from xml.etree import ElementTree

import pytest

from carter.matching.picture import chart, waterfall
from carter.matching.record import Record
from carter.matching.scoring import Book, score
from carter.matching.waterfall import steps_of
from carter.matching.weights import SHIPPED

SVG = "{http://www.w3.org/2000/svg}"
BOOK = Book(10_000)
BOB = Record.typed(
    names=["Bob Smith"], phones=["303 555 0142"], emails=["a@acme.com"], addresses=["12 Oak St"]
)
ROBERT = Record.typed(
    names=["Robert Smyth"], phones=["303 555 0142"], emails=["b@umlauf.net"], addresses=["12 Oak"]
)


def test_the_steps_add_up_to_the_score():
    result = score(BOB, ROBERT, BOOK)
    steps = steps_of(result)
    assert sum(step.bits for step in steps) == pytest.approx(steps[-1].total_bits)
    assert steps[-1].probability == pytest.approx(result.now.same)
    assert [step.words for step in steps] == [
        "before comparing: two records of this book",
        "Bob is short for Robert",
        "Smith is nearly Smyth",
        "same phone number",
        "different email address",
        "nearly the same address",
    ]


def test_two_blank_records_have_only_the_odds_of_the_book():
    (only,) = steps_of(score(Record(), Record(), BOOK))
    assert only.bits == only.total_bits < -10


@pytest.mark.parametrize("by_itself", [True, False])
def test_the_waterfall_tells_every_step_in_words_too(by_itself):
    steps = steps_of(score(BOB, ROBERT, BOOK))
    drawn = ElementTree.fromstring(waterfall(steps, title="Bob & <Robert>", by_itself=by_itself))
    assert drawn.get("aria-label") == drawn.findtext(f"{SVG}title") == "Bob & <Robert>"
    assert "same phone number: +10" in drawn.findtext(f"{SVG}desc")
    assert len(drawn.findall(f"{SVG}rect")) == len(steps)
    assert bool(drawn.findall(f"{SVG}style")) is by_itself
    assert not any(element.get("style") for element in drawn.iter())


def test_names_as_long_as_a_page_stay_inside_the_picture():
    long = Record.typed(names=["B" * 200 + " Smith"], phones=["303 555 0142"])
    other = Record.typed(names=["B" * 199 + "c Smith"], phones=["303 555 0142"])
    drawn = ElementTree.fromstring(waterfall(steps_of(score(long, other, BOOK)), title="B" * 300))
    shown = ["".join(text.itertext()) for text in drawn.findall(f"{SVG}text") if not len(text)]
    assert max(map(len, shown)) == 90
    labels = [text.find(f"{SVG}title").tail for text in drawn.findall(f"{SVG}text") if len(text)]
    assert max(map(len, labels)) == 46


def test_the_chart_shows_every_level_of_both_models():
    drawn = ElementTree.fromstring(chart(SHIPPED, title="What each level is worth"))
    labels = [text.text for text in drawn.findall(f"{SVG}text")]
    for model in SHIPPED:
        for row, levels in model.rows.items():
            assert {f"    {row}: {level}" for level in levels} <= set(labels)
