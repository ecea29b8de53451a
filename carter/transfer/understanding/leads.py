"""Understanding a row about a lead."""

import re
from dataclasses import replace
from typing import Any

from carter.customers.models import Customer, Email
from carter.jobs.intake import customer_said as customer_of_intake
from carter.transfer.understanding.cells import LONGEST_NOTE, Cells
from carter.transfer.understanding.customers import (
    category_of,
    external_id_of,
    note_country,
    place_in,
)
from carter.transfer.understanding.fields import Field
from carter.transfer.understanding.people import emails_in, person_in, phones_in
from carter.transfer.understanding.places import place_of
from carter.transfer.understanding.said import RowRefused, Said, Setting
from carter.transfer.understanding.values import cents_of, day_of, move_size_of, services_of

F = Field

COMPANY_IN_NOTE = re.compile(
    r"^[ \t]*company(?: name)?[ \t]*:[ \t]*(\S.*?)[ \t]*$\n?", re.IGNORECASE | re.MULTILINE
)


def lead_said(line: int, cells: Cells, setting: Setting) -> Said:
    """The lead a row describes, and the customer that comes with it."""
    odd: list[str] = []
    intake = _intake(cells, setting, odd)
    new = customer_of_intake(intake, Customer.Origin.LEAD)
    phones = phones_in(cells, setting.country, [])
    if phones and new.phones:
        new = replace(new, phones=((intake["phone"], phones[0][1]),))
    return Said(
        line=line,
        new=new,
        external_id=external_id_of(cells),
        fingerprint=cells.fingerprint,
        intake=intake,
        remarks=[f"Kept in the notes: {text}." for text in odd],
    )


def _intake(cells: Cells, setting: Setting, odd: list[str]) -> dict[str, Any]:
    """The fields of the lead; what they cannot hold goes to `odd`, and so into the notes."""
    notes = "\n".join(cells.all(F.NOTES))
    firm = cells[F.COMPANY_NAME]
    if not firm and (found := COMPANY_IN_NOTE.search(notes)):
        firm, notes = found[1], COMPANY_IN_NOTE.sub("", notes, count=1)
    person, other_name = person_in(cells)
    if other_name:
        odd.append(f"Name: {other_name}")
    note_country(cells, setting, odd)
    intake = {
        "category": category_of(cells, firm, odd),
        "name": person,
        "company_name": firm,
        **_reached(cells, setting, odd),
        **_route(cells, odd),
        **_move(cells, setting, odd),
        "lead_source": cells[F.LEAD_SOURCE],
    }
    lines = [f"{column}: {text}" for column, text in cells.named(F.NOTE)]
    intake["intake_notes"] = "\n".join([*([notes.strip()] if notes.strip() else []), *lines, *odd])
    if len(intake["intake_notes"]) > LONGEST_NOTE:
        raise RowRefused(f"The notes are too long: {LONGEST_NOTE:,} characters is the most.")
    return intake


def _reached(cells: Cells, setting: Setting, odd: list[str]) -> dict[str, str]:
    phones = [text for text, _ in phones_in(cells, setting.country, odd)]
    emails = [text for text, _ in emails_in(cells, Email.Label.PERSONAL, odd)]
    odd.extend(f"Phone: {text}" for text in phones[1:])
    odd.extend(f"Email: {text}" for text in emails[1:])
    return {"phone": next(iter(phones), ""), "email": next(iter(emails), "")}


def _route(cells: Cells, odd: list[str]) -> dict[str, str]:
    origin = place_in(cells, odd)
    destination, left = place_of(
        cells[F.DESTINATION_STREET],
        cells[F.DESTINATION_UNIT],
        cells[F.DESTINATION_CITY],
        cells[F.DESTINATION_STATE],
        cells[F.DESTINATION_POSTCODE],
        cells[F.DESTINATION],
    )
    if left:
        odd.append(f"Moving to: {left}")
    return {
        f"{end}_{part}": text
        for end, place in (("origin", origin), ("destination", destination))
        for part, text in place._asdict().items()
    }


def _move(cells: Cells, setting: Setting, odd: list[str]) -> dict[str, Any]:
    day, estimate = cells[F.MOVE_ON], cells[F.ESTIMATE]
    size, says_all = move_size_of(cells[F.MOVE_SIZE]) if cells[F.MOVE_SIZE] else ("", True)
    services, serves_all = services_of(cells[F.SERVICE]) if cells[F.SERVICE] else ([], True)
    move_on = day_of(day, setting.country) if day else None
    cents = cents_of(estimate) if estimate else None
    if day and move_on is None:
        odd.append(f"Move date: {day}")
    if estimate and cents is None:
        odd.append(f"Estimate: {estimate}")
    if not says_all:
        odd.append(f"Move size: {cells[F.MOVE_SIZE]}")
    if not serves_all:
        odd.append(f"Services: {cells[F.SERVICE]}")
    return {
        "move_on": move_on,
        "move_size": size,
        "services": services,
        "estimate_cents": cents,
    }
