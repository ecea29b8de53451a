"""From where to where a move goes, in few words."""

from typing import NamedTuple


class End(NamedTuple):
    """Where a move begins or ends, as far as it is known."""

    street: str
    city: str
    state: str


def route(origin: End, destination: End) -> str:
    """By the cities; by the streets while no city is known."""
    if origin.city or destination.city:
        ends = (
            f"{origin.city or '?'} {origin.state}",
            f"{destination.city or '?'} {destination.state}",
        )
    elif origin.street or destination.street:
        ends = (origin.street or "?", destination.street or "?")
    else:
        return ""
    return " → ".join(end.rstrip() for end in ends)
