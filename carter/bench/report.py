"""What was measured, as a table, as JSON, against an earlier run, and as a picture."""

import json
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from math import nan
from pathlib import Path
from typing import Self

from carter.bench.measuring import Figure, Throughput


@dataclass
class Report:
    """One run: on what, how big the book was, the floor, and every operation's figures."""

    customers: int
    database: str
    on: str = field(default_factory=lambda: str(date.today()))  # noqa: DTZ011 (the reader's day)
    machine: str = field(default_factory=lambda: f"{platform.machine()}, {_processor()}")
    python: str = field(default_factory=platform.python_version)
    made_seconds: float | None = None
    database_mb: float = 0
    memory_mb: dict[str, float] = field(default_factory=dict)
    floor: dict[str, Figure] = field(default_factory=dict)
    operations: dict[str, Figure] = field(default_factory=dict)
    eight: dict[str, Throughput] = field(default_factory=dict)
    alone: Throughput | None = None

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Self:
        """A report as it was saved."""
        found = json.loads(path.read_text(encoding="utf-8"))
        for name, kind in (("floor", Figure), ("operations", Figure), ("eight", Throughput)):
            found[name] = {key: kind(**each) for key, each in found[name].items()}
        found["alone"] = found["alone"] and Throughput(**found["alone"])
        return cls(**found)

    def multiple(self, figure: Figure) -> float:
        """A cost as a multiple of what the bare page of fifty rows costs: the measure of all.

        Not a number where that was done so few times that no cost was to be seen.
        """
        rows_ms = self.floor[ROWS].cpu_ms
        return figure.cpu_ms / rows_ms if rows_ms else nan


ROWS, MIXED = "bare 50-row template", "mixed work"
A_SECOND = {
    "customers list, first page": 100,
    "customer page: details": 100,
    "search, part-names": 400,
}
"""So many answers a second eight clients are to get."""
PATIENCE = 10
LARGEST_MB = 200
LINE = "{:<52} {:>8} {:>8} {:>8} {:>8} {:>8} {:>9}"


def table(
    report: Report, goals: Mapping[str, float | None], earlier: Report | None
) -> Iterator[str]:
    """The report for the terminal, and for docs/performance.md: a line each."""
    yield (
        f"{report.customers:,} customers on {report.database}, {report.on}, {report.machine},"
        f" Python {report.python}; times in milliseconds"
    )
    yield LINE.format("", "CPU", "× floor", "p50", "p95", "queries", "reaches")
    for name, figure in {**report.floor, **report.operations}.items():
        goal = goals.get(name)
        yield LINE.format(
            name,
            f"{figure.cpu_ms:.1f}",
            f"{report.multiple(figure):.2f}",
            f"{figure.p50_ms:.1f}",
            f"{figure.p95_ms:.1f}",
            "" if figure.queries is None else figure.queries,
            "" if goal is None else f"{goal:g} {_yes(figure.cpu_ms <= goal)}",
        ) + _against(name, figure, report, earlier)
    yield from _at_once(report)
    yield _sizes(report)


def _at_once(report: Report) -> Iterator[str]:
    for name, found in report.eight.items():
        said = f"8 clients, {name}: {found.per_second:.0f} a second, p95 {found.p95_ms:.0f} ms"
        if (wanted := A_SECOND.get(name)) is not None:
            said += f"; {wanted} a second: {_yes(found.per_second >= wanted)}"
        if name == MIXED and report.alone:
            most = PATIENCE * report.alone.p50_ms
            said += f"; at most {PATIENCE} × what one alone waits, {most:.0f} ms: "
            said += _yes(found.p95_ms <= most)
        yield said


def _yes(holds: bool) -> str:
    return "yes" if holds else "NO"


def _against(name: str, figure: Figure, report: Report, earlier: Report | None) -> str:
    """How many times the earlier run's cost, each as a multiple of its own floor."""
    before = earlier.operations.get(name) if earlier else None
    if before is None or earlier is None:
        return ""
    return f"   {_ratio(report.multiple(figure), earlier.multiple(before)):.2f} × before"


def _ratio(now: float, before: float) -> float:
    return now / before if before else nan


def _sizes(report: Report) -> str:
    made = f"Made in {report.made_seconds:.0f} s; " if report.made_seconds else ""
    memory = report.memory_mb
    return (
        f"{made}{report.database_mb:,.0f} MB on disk; memory {memory.get('all', 0):.0f} MB,"
        f" the largest process {memory.get('largest', 0):.0f} MB, at most {LARGEST_MB}:"
        f" {_yes(memory.get('largest', 0) <= LARGEST_MB)}"
    )


def worse(report: Report, recorded: Report, allowed: float) -> dict[str, str]:
    """What became more than so many times as dear as recorded, or asks more: why, by name."""
    found = {}
    for name in report.operations.keys() & recorded.operations.keys():
        now, before = report.operations[name], recorded.operations[name]
        ratio = _ratio(report.multiple(now), recorded.multiple(before))
        if now.queries is not None and before.queries is not None and now.queries > before.queries:
            found[name] = f"{now.queries} queries, {before.queries} were recorded"
        elif not ratio <= allowed:
            found[name] = f"{ratio:.2f} times the recorded multiple of the floor"
    return found


WIDTH, HEIGHT, LEFT, BOTTOM = 720, 420, 46, 34


def grown(reports: Sequence[Report]) -> Iterator[str]:
    """What each operation costs in books of several sizes, and the largest against the one before.

    A line each, for docs/performance.md.
    """
    reports = sorted(reports, key=lambda report: report.customers)
    *_, before, largest = reports
    sizes = "".join(f"{report.customers:>11,}" for report in reports)
    yield f"{f'CPU on {largest.database}, in ms':<50}{sizes}"
    for name in _of_all(reports):
        costs = [report.operations[name].cpu_ms for report in reports]
        multiple = _ratio(largest.operations[name].cpu_ms, before.operations[name].cpu_ms)
        yield f"{name:<50}" + "".join(f"{cost:>11.1f}" for cost in costs) + f"{multiple:>8.2f} ×"


def drawn(reports: Sequence[Report]) -> str:
    """How each operation's cost grows with the book, as SVG: one line an operation."""
    reports = sorted(reports, key=lambda report: report.customers)
    names = _of_all(reports)
    top = max(report.operations[name].cpu_ms for report in reports for name in names) * 1.1
    step = (WIDTH - LEFT - 260) / max(1, len(reports) - 1)
    parts = [_axis(reports, step, top)]
    ends = sorted((_y(reports[-1].operations[name].cpu_ms, top), name) for name in names)
    labels = _apart([y for y, _ in ends])
    for (_, name), label in zip(ends, labels, strict=True):
        points = [
            (LEFT + step * n, _y(report.operations[name].cpu_ms, top))
            for n, report in enumerate(reports)
        ]
        line = " ".join(f"{x:.0f},{y:.1f}" for x, y in points)
        x = points[-1][0] + 8
        parts.append(f'<polyline points="{line}"/><text x="{x:.0f}" y="{label:.1f}">{name}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"><style>'
        "text{font:9px sans-serif;fill:#456}polyline{fill:none;stroke:#27a;stroke-width:1.5}"
        f"line{{stroke:#ccd}}</style>{''.join(parts)}</svg>\n"
    )


def _of_all(reports: Sequence[Report]) -> list[str]:
    """The operations that all of them measured."""
    return [name for name in reports[0].operations if all(name in r.operations for r in reports)]


def _y(cpu_ms: float, top: float) -> float:
    return (HEIGHT - BOTTOM) * (1 - cpu_ms / top) + 4


def _apart(places: Sequence[float]) -> list[float]:
    """Labels no nearer than a line to each other, downwards."""
    found: list[float] = []
    for place in places:
        found.append(max(place + 3, found[-1] + 11) if found else place + 3)
    return found


def _axis(reports: Sequence[Report], step: float, top: float) -> str:
    marks = [
        f'<text x="{LEFT + step * n:.0f}" y="{HEIGHT - 8}">{report.customers:,} customers</text>'
        for n, report in enumerate(reports)
    ]
    for part in range(5):
        cost = top * part / 4
        y = _y(cost, top)
        marks.append(f'<line x1="{LEFT}" x2="{WIDTH - 250}" y1="{y:.0f}" y2="{y:.0f}"/>')
        marks.append(f'<text x="4" y="{y + 3:.0f}">{cost:.0f} ms</text>')
    return "".join(marks)


def _processor() -> str:
    """The processor by its name, where the system tells."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{len(models)} × {models[0]}" if models else platform.processor() or "unknown"
