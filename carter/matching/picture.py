"""Pictures of matching, as SVG: how one score adds up, and what every level is worth.

Readable on light and dark, and without telling colours apart: what speaks for goes to the right
and has a plus, what speaks against to the left and has a minus; marks differ in shape.
"""

from collections.abc import Iterable, Iterator
from math import log2
from xml.sax.saxutils import escape, quoteattr

from carter.matching.waterfall import Step
from carter.matching.weights import Chances, Model, Weights

FOR, AGAINST, QUIET = "#3987c9", "#d0661b", "#808080"  # Each is 3:1 or more on white and on black.
WIDTH, LABELS, LINE, BAR = 760, 300, 26, 14
PLOT = WIDTH - LABELS - 90
LONGEST_LABEL = 46
CHANCES = ((-13.3, "0.01 %"), (-6.6, "1 %"), (0, "50 %"), (6.6, "99 %"), (13.3, "99.99 %"))
# Of a file by itself; in a page the text has the page's colour and no style is allowed.
INK = (
    "<style>svg{color:#1f2328;background:#fff}"
    "@media(prefers-color-scheme:dark){svg{color:#e8eaed;background:#16181b}}</style>"
)

Scale = tuple[float, float]
"""The least and the most bits that a picture has room for."""


def waterfall(steps: list[Step], *, title: str, by_itself: bool = True) -> str:
    """How the score of one pair adds up, from the prior at the top to its probability."""
    totals = [step.total_bits for step in steps]
    scale = (min(-8.0, *totals) - 1, max(8.0, *totals) + 1)
    bottom = 50 + LINE * (len(steps) + 1)
    answer = f"Together: {_percent(steps[-1].probability)} the same customer"
    parts = [
        *_grid(scale, bottom, CHANCES),
        *(part for line, step in enumerate(steps) for part in _bar(line, step, scale)),
        _text(12, _middle(len(steps)), answer, weight="bold"),
        _text(_x(totals[-1], scale), _middle(len(steps)), "◆", anchor="middle"),
    ]
    told = "; ".join(f"{step.words}: {_bits(step.bits)}" for step in steps)
    return _svg(title, f"{told}. {answer}.", bottom + 34, parts, by_itself=by_itself)


def chart(weights: Weights, *, title: str, by_itself: bool = True) -> str:
    """What every level of every row says for the same customer against each of the others."""
    lines = [*_chart_lines("Persons", weights.person), *_chart_lines("Companies", weights.account)]
    scale = (-15.0, 25.0)
    bottom = 74 + LINE * len(lines)
    legend = [
        _text(LABELS + place * 160, 42, f"{mark} against {words}", fill=colour)
        for place, (mark, words, colour) in enumerate(MARKS)
    ]
    ticks = tuple((bits, f"{bits:+d}" if bits else "0 bits") for bits in range(-15, 26, 5))
    parts = [*legend, *_grid(scale, bottom, ticks, top=58)]
    told = []
    for line, (label, chances) in enumerate(lines):
        parts.append(_text(12, _middle(line, 58), label, weight="" if chances else "bold"))
        if chances:
            parts += _marks(line, chances, scale)
            told.append(f"{label.strip()} {_bits(_worth(chances, 3))}")
    return _svg(title, "; ".join(told), bottom + 34, parts, by_itself=by_itself)


MARKS = (("▲", "a household", AGAINST), ("■", "a desk", QUIET), ("●", "strangers", FOR))


def _chart_lines(title: str, model: Model) -> Iterator[tuple[str, Chances | None]]:
    yield title, None
    for row, levels in model.rows.items():
        for level, chances in levels.items():
            yield f"    {row}: {level}", chances


def _marks(line: int, chances: Chances, scale: Scale) -> Iterator[str]:
    for other, (mark, words, colour) in enumerate(MARKS, 1):
        bits = _worth(chances, other)
        place = _x(max(scale[0], min(scale[1], bits)), scale)
        told = f"{_bits(bits)} against {words}"
        yield _text(place, _middle(line, 58), mark, anchor="middle", fill=colour, told=told)


def _worth(chances: Chances, other: int) -> float:
    return log2(chances.same / chances[other])


def _bar(line: int, step: Step, scale: Scale) -> Iterator[str]:
    start, end = sorted((step.total_bits - step.bits, step.total_bits))
    left, right = _x(start, scale), _x(end, scale)
    colour = QUIET if not line else FOR if step.bits >= 0 else AGAINST
    told = f"{step.words}: {_bits(step.bits)}, then {_percent(step.probability)}"
    yield _text(12, _middle(line), _short(step.words), told=told)
    yield (
        f'<rect x="{left:.1f}" y="{50 + LINE * line + (LINE - BAR) / 2:.1f}" rx="2" '
        f'width="{max(right - left, 2):.1f}" height="{BAR}" fill="{colour}"/>'
    )
    yield _text(WIDTH - 12, _middle(line), _bits(step.bits), anchor="end")


def _grid(
    scale: Scale, bottom: float, ticks: Iterable[tuple[float, str]], top: float = 46
) -> Iterator[str]:
    for bits, label in ticks:
        if not scale[0] <= bits <= scale[1]:
            continue
        x = _x(bits, scale)
        dash = ' stroke-dasharray="3 3"' if bits else ""
        yield (f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{bottom}" stroke="{QUIET}"{dash}/>')
        yield _text(x, bottom + 18, label, anchor="middle", size=11)


def _svg(title: str, told: str, height: float, parts: Iterable[str], *, by_itself: bool) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img" '
        f'aria-label={quoteattr(title)} font-family="system-ui, sans-serif" font-size="13" '
        f'fill="currentColor">'
    )
    named = f"<title>{escape(title)}</title><desc>{escape(told)}</desc>"
    words = _text(12, 24, _short(title, 90), weight="bold", size=15)
    return "\n".join([head, named, INK if by_itself else "", words, *parts, "</svg>", ""])


def _text(
    x: float,
    y: float,
    words: str,
    *,
    anchor: str = "",
    weight: str = "",
    size: int = 0,
    fill: str = "",
    told: str = "",
) -> str:
    looks = {"text-anchor": anchor, "font-weight": weight, "font-size": size, "fill": fill}
    said = "".join(f' {name}="{value}"' for name, value in looks.items() if value)
    more = f"<title>{escape(told)}</title>" if told else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{said} xml:space="preserve">{more}{escape(words)}</text>'


def _x(bits: float, scale: Scale) -> float:
    return LABELS + PLOT * (bits - scale[0]) / (scale[1] - scale[0])


def _middle(line: int, top: float = 50) -> float:
    return top + LINE * line + LINE / 2 + 4.5


def _short(words: str, most: int = LONGEST_LABEL) -> str:
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def _bits(bits: float) -> str:
    return f"{bits:+.1f}".replace("-", "−")


def _percent(probability: float) -> str:
    if 0.01 <= probability <= 0.99:
        return f"{100 * probability:.0f} %"
    if 0.0001 <= probability <= 0.9999:
        return f"{100 * probability:.2f} %"
    return "over 99.99 %" if probability > 0.5 else "under 0.01 %"
