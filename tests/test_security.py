"""The list of what OWASP ASVS asks is whole, says something, and names what is there."""

import ast
import tomllib
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from carter import ROOT
from carter.configuration import SETTINGS

LIST = ROOT / "docs" / "security" / "asvs.toml"
ANSWERS = {"met", "met in part", "not met", "does not apply"}
LEVELS = """
1.1:22 1.2:1111122223 1.3:112222222223 1.4:222 1.5:123 2.1:122 2.2:112 2.3:12223 2.4:23 3.1:3
3.2:113 3.3:12223 3.4:11222233 3.5:11122333 3.6:3 3.7:22333 4.1:12233 4.2:23333 4.3:22 4.4:1222
5.1:2 5.2:112333 5.3:113 5.4:222 6.1:122 6.2:111111112222 6.3:11223333 6.4:112233 6.5:22222333
6.6:2223 6.7:33 6.8:2222 7.1:222 7.2:1111 7.3:22 7.4:11222 7.5:223 7.6:22 8.1:1233 8.2:1123
8.3:133 8.4:23 9.1:111 9.2:1222 10.1:22 10.2:223 10.3:22223 10.4:1111122222233333 10.5:22222
10.6:22 10.7:222 11.1:2233 11.2:22233 11.3:11233 11.4:1222 11.5:23 11.6:23 11.7:33 12.1:12233
12.2:11 12.3:22223 13.1:2333 13.2:222223 13.3:2233 13.4:1222233 14.1:22 14.2:12223333 14.3:122
15.1:12233 15.2:12233 15.3:1222222 15.4:3333 16.1:2 16.2:22222 16.3:2222 16.4:222 16.5:2223
17.1:23 17.2:22223333 17.3:22
"""
"""Of each section of ASVS 5.0.0 the level of each requirement, in their order."""


@cache
def entries() -> dict[str, dict[str, object]]:
    return tomllib.loads(LIST.read_text(encoding="utf-8"))


def asked_for() -> list[str]:
    """The ids of levels 1 and 2."""
    return [
        f"{section}.{place}"
        for section, levels in (line.split(":") for line in LEVELS.split())
        for place, level in enumerate(levels, start=1)
        if level in "12"
    ]


def trouble_with(entry: dict[str, object]) -> str:
    """What an entry lacks, in words; empty when nothing."""
    if entry.get("answer") not in ANSWERS:
        return "it has no answer"
    if any(len(str(entry.get(part, "")).split()) < 2 for part in ("asks", "how")):
        return "it does not say what is asked, or how it is met"
    if entry["answer"] == "does not apply" and not str(entry["how"]).startswith("Because "):
        return "it does not say why it does not apply"
    if entry["answer"].startswith("met") and not entry.get("held_by"):
        return "nothing holds it"
    gone = [name for name in entry.get("held_by", []) if not is_there(name)]
    return f"there is no {', '.join(gone)}" if gone else ""


def is_there(name: str) -> bool:
    """Whether there is such a test, setting, or text in a file."""
    path, _, test = name.partition("::")
    file, _, words = name.partition("#")
    if test:
        return test in functions_of(ROOT / path)
    if words:
        return (ROOT / file).is_file() and words in (ROOT / file).read_text(encoding="utf-8")
    if name.startswith("settings."):
        return hasattr(settings, name.removeprefix("settings."))
    return name in {setting.name for setting in SETTINGS} or bool(functions_of(ROOT / name))


@cache
def functions_of(path: Path) -> set[str]:
    if path.suffix != ".py" or not path.is_file():
        return set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def test_every_requirement_of_levels_1_and_2_is_answered():
    assert list(entries()) == asked_for()
    assert len(entries()) == 253


def test_every_answer_says_something_and_what_holds_it_is_there():
    found = {name: trouble_with(entry) for name, entry in entries().items()}

    assert {name: trouble for name, trouble in found.items() if trouble} == {}


def test_the_page_counts_the_answers():
    answers = [entry["answer"] for entry in entries().values()]
    count = {answer: answers.count(answer) for answer in ANSWERS}
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8").replace("\n", " ")

    assert (
        f"{count['met']} are met, {count['met in part']} are met in part,"
        f" {count['not met']} are not met and {count['does not apply']} do not apply"
    ) in page


SOUND = {
    "asks": "Carter is safe.",
    "answer": "met",
    "how": "By care.",
    "held_by": ["tests/test_security.py::test_the_page_counts_the_answers", "settings.DEBUG"],
}


@pytest.mark.parametrize(
    "change",
    [
        {"answer": ""},
        {"how": ""},
        {"answer": "does not apply"},
        {"held_by": []},
        {"held_by": ["tests/test_security.py::test_that_never_was"]},
        {"held_by": ["tests/test_nowhere.py::test_the_page_counts_the_answers"]},
        {"held_by": ["settings.NO_SUCH_SETTING"]},
        {"held_by": ["CARTER_NO_SUCH_SETTING"]},
        {"held_by": ["docs/security.md#No such heading"]},
    ],
)
def test_an_entry_that_says_nothing_or_names_what_is_not_there_is_found(change):
    assert trouble_with(SOUND) == ""
    assert trouble_with(SOUND | change) != ""
