import os

import pytest

from carter.matching.batch.crew import CannotCompare, Crew


def square(number: int) -> int:
    return number * number


def whose(number: int) -> int:
    return os.getpid()


def end(number: int) -> None:
    os._exit(1)


def test_results_come_in_the_order_of_the_pieces():
    with Crew(2) as crew:
        assert list(crew.each(square, range(50))) == [number * number for number in range(50)]


def test_one_piece_is_worked_on_here_and_several_elsewhere():
    with Crew(2) as crew:
        assert list(crew.each(whose, [1])) == [os.getpid()]
        assert os.getpid() not in crew.each(whose, range(4))


def test_without_processes_all_is_worked_on_here():
    with Crew(0) as crew:
        assert set(crew.each(whose, range(4))) == {os.getpid()}


def test_only_a_few_pieces_are_read_ahead():
    read = []

    def pieces():
        for number in range(1_000):
            read.append(number)
            yield number

    with Crew(2) as crew:
        results = crew.each(square, pieces())
        assert next(results) == 0
        assert len(read) < 20


def test_a_process_that_is_ended_is_told_in_a_sentence():
    with Crew(2) as crew, pytest.raises(CannotCompare, match="ended from outside"):
        list(crew.each(end, range(4)))
