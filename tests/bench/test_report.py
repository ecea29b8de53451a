"""What is told of a run, and when it counts as worse than what was recorded."""

from xml.etree import ElementTree

from carter.bench.measuring import Figure, Throughput
from carter.bench.report import MIXED, ROWS, Report, drawn, grown, table, worse


def a_report(cpu_ms, *, floor_ms=5.0, queries=7, customers=10_000):
    report = Report(customers, "sqlite", machine="a desk")
    report.floor[ROWS] = Figure(floor_ms, 6, 9)
    report.operations["customers list"] = Figure(cpu_ms, 12, 20, queries)
    report.eight[MIXED] = Throughput(120, 40, 80)
    report.alone = Throughput(60, 9, 20)
    return report


def test_a_report_is_read_back_as_it_was_saved(tmp_path):
    report = a_report(10)
    report.save(tmp_path / "run.json")

    assert Report.load(tmp_path / "run.json") == report


def test_the_table_tells_the_multiple_of_the_floor_and_whether_the_goal_is_reached():
    line = next(line for line in table(a_report(10), {"customers list": 8}, None) if "list" in line)

    assert line.split() == ["customers", "list", "10.0", "2.00", "12.0", "20.0", "7", "8", "NO"]


def test_a_slower_machine_is_no_worse_when_its_floor_is_as_much_slower():
    assert worse(a_report(20, floor_ms=10), a_report(10), 1.5) == {}


def test_what_became_dearer_or_asks_more_is_named():
    assert worse(a_report(16), a_report(10), 1.5) == {
        "customers list": "1.60 times the recorded multiple of the floor"
    }
    assert worse(a_report(10, queries=8), a_report(10), 1.5) == {
        "customers list": "8 queries, 7 were recorded"
    }


def test_a_run_too_short_for_its_floor_to_be_seen_is_told_and_passes_for_nothing():
    unseen = a_report(10, floor_ms=0)

    assert "nan × before" in "\n".join(table(unseen, {}, a_report(10)))
    assert worse(unseen, a_report(10), 1.5) == {
        "customers list": "nan times the recorded multiple of the floor"
    }
    assert worse(a_report(10), a_report(0), 1.5).keys() == {"customers list"}


def test_a_run_against_an_earlier_one_says_how_many_times_as_dear():
    lines = list(table(a_report(15), {}, a_report(10)))

    assert "1.50 × before" in "\n".join(lines)


def test_eight_at_once_wait_no_longer_than_ten_times_what_one_alone_does():
    (line,) = (line for line in table(a_report(10), {}, None) if line.startswith("8 clients"))

    assert line == (
        "8 clients, mixed work: 120 a second, p95 80 ms;"
        " at most 10 × what one alone waits, 90 ms: yes"
    )


def test_the_picture_has_a_line_for_each_operation():
    picture = drawn([a_report(10, customers=100_000), a_report(8)])

    lines = ElementTree.fromstring(picture).findall(".//{http://www.w3.org/2000/svg}polyline")
    assert len(lines) == 1
    xs = [float(point.split(",")[0]) for point in lines[0].attrib["points"].split()]
    assert xs == sorted(xs)


def test_what_grows_is_listed_by_the_size_of_the_book():
    heads, line = grown([a_report(12, customers=100_000), a_report(8)])

    assert heads.split()[-2:] == ["10,000", "100,000"]
    assert line.split() == ["customers", "list", "8.0", "12.0", "1.50", "×"]
