"""Show every setting of this installation: its value, where that comes from, what it means."""

import argparse

from carter.configuration import ENV_FILE, SETTINGS, Setting, shown_value_of, source_of, unreadable

NEEDS_DJANGO = False


def run(options: argparse.Namespace) -> int:
    print("\n\n".join(described(setting) for setting in SETTINGS))
    print(f"\nSettings come from the environment, else from {ENV_FILE}, else have their default.")
    troubles = unreadable()
    for words in troubles:
        print(f"FIX   {words}")
    return 1 if troubles else 0


def described(setting: Setting) -> str:
    value = shown_value_of(setting) or "(none)"
    return f"{setting.name} = {value}  [{source_of(setting)}]\n    {setting.meaning}"
