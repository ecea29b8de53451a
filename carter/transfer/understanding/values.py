"""Amounts, days, sizes and services as other programs write them."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from carter.customers.models import Customer, Phone
from carter.customers.names import fold
from carter.jobs.models import Job

Size = Job.MoveSize
Service = Job.Service

AMOUNT = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?")
EUROPEAN_AMOUNT = re.compile(r"(\d{1,3}(?:\.\d{3})+|\d+),(\d{2})")
AROUND_AMOUNTS = re.compile(r"[\s$€£]|USD|CAD|EUR|GBP|AUD")
MOST_CENTS = 10**13

COMPACT_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)")
ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
SLASHED_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d\d)")
NAMED_DAYS = ("%b %d %Y", "%B %d %Y", "%d %b %Y", "%d %B %Y", "%a %b %d %Y", "%A %B %d %Y")
TIME = re.compile(
    r"(?:^|[T\s])(\d{1,2}):(\d\d)(?::\d\d(?:\.\d+)?)?\s*([ap]m)?\s*(?:Z|UTC)?$", re.IGNORECASE
)
DAY_FIRST = frozenset({"GB", "IE", "AU"})

NUMBERS = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6"}
BEDROOMS = re.compile(r"\b(\d|one|two|three|four|five|six) (?:bed|bedroom|bedrooms|br|bdr|bd)\b")
BY_BEDROOMS = {
    "0": Size.STUDIO,
    "1": Size.ONE_BEDROOM,
    "2": Size.TWO_BEDROOM,
    "3": Size.THREE_BEDROOM,
    "4": Size.FOUR_BEDROOM,
}
SIZES = {
    "few items": Size.FEW_ITEMS,
    "a few items": Size.FEW_ITEMS,
    "single item": Size.FEW_ITEMS,
    "room or less": Size.ROOM_OR_LESS,
    "partial home": Size.ROOM_OR_LESS,
    "studio": Size.STUDIO,
    "studio apartment": Size.STUDIO,
    "office": Size.OFFICE,
    "office move": Size.OFFICE,
    "commercial": Size.OFFICE,
    "other": Size.OTHER,
} | {fold(label): Size(value) for value, label in Size.choices}

SERVICES: Mapping[str, tuple[str, ...]] = {
    "full service": (Service.MOVING, Service.PACKING),
    "labor only": (Service.LOADING,),
    "labour only": (Service.LOADING,),
    "loading": (Service.LOADING,),
    "unloading": (Service.LOADING,),
    "moving and storage": (Service.MOVING, Service.STORAGE),
    "junk removal": (Service.DISPOSAL,),
} | {fold(label): (Service(value),) for value, label in Service.choices}
SAYS_MORE = frozenset({"full service", "unloading"})
"""Phrases for which our own words say less than the caller did."""

PHONE_LABELS = {
    "mobile": Phone.Label.MOBILE,
    "cell": Phone.Label.MOBILE,
    "cell phone": Phone.Label.MOBILE,
    "home": Phone.Label.HOME,
    "work": Phone.Label.WORK,
    "office": Phone.Label.WORK,
    "business": Phone.Label.WORK,
    "fax": Phone.Label.FAX,
    "other": Phone.Label.OTHER,
}
CATEGORIES = {
    "residential": Customer.Category.RESIDENTIAL,
    "private": Customer.Category.RESIDENTIAL,
    "commercial": Customer.Category.COMMERCIAL,
    "business": Customer.Category.COMMERCIAL,
    "corporate": Customer.Category.COMMERCIAL,
}
COUNTRIES = {
    "us": "US",
    "usa": "US",
    "u s a": "US",
    "united states": "US",
    "united states of america": "US",
    "ca": "CA",
    "canada": "CA",
    "gb": "GB",
    "uk": "GB",
    "united kingdom": "GB",
    "great britain": "GB",
    "england": "GB",
    "ie": "IE",
    "ireland": "IE",
    "au": "AU",
    "australia": "AU",
}


def cents_of(text: str) -> int | None:
    """An amount in cents: $2,750.00, (125.00) and -125 are understood. None when it is none."""
    bare = AROUND_AMOUNTS.sub("", text)
    negative = bare.startswith("-") or (bare.startswith("(") and bare.endswith(")"))
    bare = bare.strip("()-")
    found = AMOUNT.fullmatch(bare) or EUROPEAN_AMOUNT.fullmatch(bare)
    if not found:
        return None
    whole, part = re.sub(r"[.,]", "", found[1]), (found[2] or "").ljust(2, "0")
    cents = int(whole) * 100 + int(part)
    if cents > MOST_CENTS:
        return None
    return -cents if negative else cents


def day_of(text: str, country: str) -> date | None:
    """A day as typed where the company is: 06/08/2026 is June 8 in the US, 6 August in Britain.

    None when it is no day; one that would only make sense the other way round is none either,
    because then its neighbours cannot be trusted.
    """
    text = TIME.sub("", text.strip()).strip()
    if found := COMPACT_DAY.fullmatch(text) or ISO_DAY.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := SLASHED_DAY.fullmatch(text):
        first, second, year = map(int, found.groups())
        month, day = (second, first) if country in DAY_FIRST else (first, second)
        return _day(year + 2000 if year < 100 else year, month, day)
    return _named_day(text)


def moment_of(text: str, country: str, zone: ZoneInfo) -> datetime | None:
    """A day, with a time when there is one, where the company is."""
    day = day_of(text, country)
    if day is None:
        return None
    found = TIME.search(text)
    hour, minute = (int(found[1]), int(found[2])) if found else (0, 0)
    if found and found[3]:
        hour = hour % 12 + (12 if found[3].lower() == "pm" else 0)
    if hour > 23 or minute > 59:
        hour = minute = 0
    return datetime.combine(day, time(hour, minute), zone)


def move_size_of(text: str) -> tuple[str, bool]:
    """Our size for theirs, and whether it says all of it. Empty when we have none."""
    said = fold(text)
    if said in SIZES:
        return SIZES[said], True
    if text in Size.values:
        return text, True
    found = BEDROOMS.search(said)
    if not found:
        return "", False
    number = NUMBERS.get(found[1], found[1])
    return BY_BEDROOMS.get(number, Size.FIVE_BEDROOM_PLUS), "+" not in text and number < "6"


def services_of(text: str) -> tuple[list[str], bool]:
    """Our services for theirs, and whether they say all of it."""
    found: dict[str, None] = {}
    exact = True
    said = fold(text)
    for phrase in [said] if said in SERVICES else map(fold, re.split(r"[,;/&+|]| and ", text)):
        services = SERVICES.get(phrase, ())
        found.update(dict.fromkeys(map(str, services)))
        exact = exact and bool(services) and phrase not in SAYS_MORE
    return list(found), exact


def is_yes(text: str) -> bool:
    return text.strip().casefold() in {"yes", "y", "true", "1", "x"}


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1900 <= year < 2100 else None
    except ValueError:
        return None


def _named_day(text: str) -> date | None:
    plain = " ".join(text.replace(",", " ").replace(".", " ").split())
    for form in NAMED_DAYS:
        try:
            found = datetime.strptime(plain, form).date()  # noqa: DTZ007 - a day has no zone.
        except ValueError:
            continue
        return found if 1900 <= found.year < 2100 else None
    return None
