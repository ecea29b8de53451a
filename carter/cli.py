"""The command line: `carter COMMAND …`."""

import argparse
import ast
import difflib
import importlib
import os
import sys
from collections.abc import Sequence
from keyword import iskeyword
from pathlib import Path
from types import ModuleType
from typing import Any

import django
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from carter import version
from carter.configuration import unreadable
from carter.health.readiness import why_not_ready

COMMANDS = Path(__file__).parent / "commands"
ALIASES = {"check-all": "test"}


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status."""
    name, rest = called(list(sys.argv[1:] if words is None else words))
    if name in {"version", "--version"}:
        print(version())
        return 0
    if name == "help" or is_family(name):
        print(overview() if name == "help" else family_help(name))
        return 0
    if name not in [*command_names(), *family_names()]:
        print(unknown(name), file=sys.stderr)
        return 2
    try:
        return run(name, rest)
    except ImproperlyConfigured as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except DatabaseError:
        if not (reason := why_not_ready()):
            raise
        print(reason, "See `carter doctor`.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def called(words: list[str]) -> tuple[str, list[str]]:
    """The command's full name, as in "match pairs", and the words that followed it."""
    name, *rest = words or ["help"]
    name = "help" if name in {"-h", "--help"} else ALIASES.get(name, name)
    if is_family(name):
        rest = [] if rest[:1] in (["-h"], ["--help"], ["help"]) else rest
        return " ".join([name, *rest[:1]]), rest[1:]
    return name, rest


def run(name: str, words: Sequence[str]) -> int:
    """Run the command with the words that followed its name.

    What it writes is for its own user alone: the book, uploads, backups, mail that waits.
    """
    os.umask(0o077)
    said = sayings(name)
    for setting, value in said.get("ENVIRONMENT", {}).items():
        os.environ.setdefault(setting, value)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carter.settings")
    if said.get("NEEDS_DJANGO", True):
        refuse_nonsense()
        django.setup()
    place = path_of(name).relative_to(COMMANDS).with_suffix("")
    command = importlib.import_module(".".join(("carter.commands", *place.parts)))
    status: int = command.run(parse(command, name, words))
    return status


def sayings(name: str) -> dict[str, Any]:
    """The constants of a command's module, read without importing it: that may need Django."""
    module = ast.parse(path_of(name).read_text(encoding="utf-8"))
    return {
        str(statement.targets[0].id): ast.literal_eval(statement.value)
        for statement in module.body
        if isinstance(statement, ast.Assign)
        and isinstance(statement.targets[0], ast.Name)
        and statement.targets[0].id in {"ENVIRONMENT", "NEEDS_DJANGO"}
    }


def refuse_nonsense() -> None:
    if troubles := unreadable():
        raise ImproperlyConfigured("\n".join(troubles))


def parse(command: ModuleType, name: str, words: Sequence[str]) -> argparse.Namespace:
    if getattr(command, "PASSES_WORDS_ON", False) and list(words) not in (["-h"], ["--help"]):
        return argparse.Namespace(words=list(words))
    parser = argparse.ArgumentParser(
        prog=f"carter {name}",
        description=command.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    if hasattr(command, "add_arguments"):
        command.add_arguments(parser)
    return parser.parse_args(words)


def overview() -> str:
    """Every command with the first line of its help, without importing any of them."""
    lines = [f"  {name:<14} {summary(name)}" for name in command_names()]
    return "\n".join(
        [
            f"Carter {version()}, the customer book of a moving company.",
            "",
            "carter COMMAND [--help]",
            "",
            *lines,
        ]
    )


def command_names() -> list[str]:
    """Every command; one that is a folder is a family of commands."""
    families = [path.parent.name for path in COMMANDS.glob("*/__init__.py")]
    return sorted([*names_in(COMMANDS), *families])


def is_family(name: str) -> bool:
    """Whether what the command does is said by a second word: `carter match pairs`."""
    return name.isalpha() and (COMMANDS / name).is_dir()


def family_names(families: str = "*") -> list[str]:
    """The full name of every command of a family, or of all families."""
    folders = [path.parent for path in sorted(COMMANDS.glob(f"{families}/__init__.py"))]
    return [f"{folder.name} {name}" for folder in folders for name in names_in(folder)]


def names_in(folder: Path) -> list[str]:
    stems = (path.stem for path in folder.glob("*.py") if not path.stem.startswith("_"))
    return sorted(stem.rstrip("_").replace("_", "-") for stem in stems)


def family_help(family: str) -> str:
    said = ast.get_docstring(ast.parse(path_of(family).read_text("utf-8"))) or ""
    lines = [f"  {name:<20} {summary(name)}" for name in family_names(family)]
    return "\n".join([said, "", f"carter {family} COMMAND [--help]", "", *lines])


def path_of(name: str) -> Path:
    """The module of a command: open_company.py for open-company, import_.py for import."""
    if is_family(name):
        return COMMANDS / name / "__init__.py"
    *family, last = name.replace("-", "_").split(" ")
    return COMMANDS.joinpath(*family, f"{last}_.py" if iskeyword(last) else f"{last}.py")


def summary(name: str) -> str:
    module = ast.parse(path_of(name).read_text(encoding="utf-8"))
    return (ast.get_docstring(module) or "").partition("\n")[0]


def unknown(name: str) -> str:
    among = family_names(name.partition(" ")[0]) or command_names()
    near = difflib.get_close_matches(name, among, n=1)
    hint = f" Did you mean `carter {near[0]}`?" if near else " See `carter help`."
    return f"Carter has no command “{name}”.{hint}"
