"""Say how many imported leads Carter recognises as known customers, against a known truth.

The folder holds CSV files as other programs export them and a truth.csv (file, line, entity).
They are imported one after the other into a book that is thrown away afterwards.
"""

import argparse
from pathlib import Path

from carter.transfer.measuring import (
    TRUTH,
    CannotMeasure,
    Count,
    Measured,
    import_all,
    measure,
    samples_in,
)
from carter.transfer.throwaway import throwaway_book


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="where the files and their truth.csv are")


def run(options: argparse.Namespace) -> int:
    try:
        measure_all(options.folder)
    except CannotMeasure as reason:
        print(reason)
        return 1
    return 0


def measure_all(folder: Path) -> None:
    samples = samples_in(folder)
    with throwaway_book() as owner:
        for batch in import_all(samples, owner):
            counts = ", ".join(f"{count} {outcome}" for outcome, count in batch.counts.items())
            print(f"{batch.file_name}: {batch.get_shape_display()}, {counts}")
        print(report(measure(owner.company, folder / TRUTH)))


def report(measured: Measured) -> str:
    leads = measured.leads
    return "\n".join(
        [
            "",
            f"{measured.asked} leads; {leads.true} belong to a known customer.",
            f"Flagged as a known customer: {leads.flagged}, of them {leads.right} rightly.",
            line("Leads", leads),
            line("Pairs of lead and customer", measured.pairs),
            line("Pairs of imported customers", measured.customers),
            f"Right customer shown first: {share(measured.first, leads.true)}.",
            f"Right customer among the first three: {share(measured.among_three, leads.true)}.",
        ]
    )


def line(what: str, count: Count) -> str:
    return (
        f"{what}: precision {count.precision:.3f}, recall {count.recall:.3f} "
        f"({count.right} right of {count.flagged} flagged, {count.true} true)"
    )


def share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({part / whole:.1%})" if whole else "none"
