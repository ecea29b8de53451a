"""What is measured and what counts of it."""

from carter.bench.measuring import Throughput, in_the_middle


def test_of_three_runs_the_one_in_the_middle_counts_with_all_its_figures():
    runs = [Throughput(187, 28.0, 67.0), Throughput(213, 26.0, 53.0), Throughput(250, 24.0, 57.0)]
    left = iter(runs)

    assert in_the_middle(lambda: next(left)) == runs[2]
    assert list(left) == []
