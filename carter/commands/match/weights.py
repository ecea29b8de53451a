"""Show what every level of agreement is worth, as a chart.

    carter match weights --svg weights.svg
    carter match weights --svg weights.svg --model model.json

For each level a mark says how many bits it speaks for the same customer against a household,
against a shared desk, and against strangers. No database is needed.
"""

import argparse
import sys
from pathlib import Path

from carter.commands.match._out import CannotWrite, written
from carter.matching.learning import read_model
from carter.matching.picture import chart
from carter.matching.weights import SHIPPED, UnreadableWeights

NEEDS_DJANGO = False

TITLE = "What agreement is worth, in bits for the same customer"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--svg", type=Path, required=True, metavar="OUT", help="the picture")
    parser.add_argument("--model", type=Path, help="weights that `carter match train` wrote")


def run(options: argparse.Namespace) -> int:
    try:
        weights = read_model(options.model) if options.model else SHIPPED
        with written(options.svg, besides=options.model or Path(__file__)) as file:
            file.write(chart(weights, title=TITLE))
    except (CannotWrite, UnreadableWeights) as reason:
        print(reason, file=sys.stderr)
        return 1
    print(f"Drawn in {options.svg}.")
    return 0
