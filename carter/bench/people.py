"""Invented customers: names as often as in life, some entered twice, some who share a phone."""

from dataclasses import dataclass
from random import Random


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST = _words("""
    James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara
    Richard Susan Joseph Jessica Thomas Sarah Charles Karen Christopher Lisa Daniel Nancy
    Matthew Betty Anthony Margaret Mark Sandra Donald Ashley Steven Kimberly Paul Emily
    Andrew Donna Joshua Michelle Kenneth Carol Kevin Amanda Brian Dorothy George Melissa
    Edward Deborah Ronald Stephanie Timothy Rebecca Jason Sharon Jeffrey Laura Ryan
    Cynthia Jacob Kathleen Gary Amy Nicholas Angela Eric Shirley Jonathan Anna Stephen
    Brenda Larry Pamela Justin Emma Scott Nicole Brandon Helen Benjamin Samantha Samuel
    Katherine Gregory Christine Frank Debra Alexander Rachel Raymond Carolyn Patrick Janet
    Jack Maria Dennis Heather Jerry Diane Tyler Olivia Aaron Julie Jose Joyce Adam
    Victoria Nathan Ruth Henry Virginia Zachary Lauren Douglas Kelly Peter Christina Kyle
    Joan Noah Evelyn Ethan Judith Jeremy Megan Walter Andrea Christian Cheryl Keith Hannah
    Roger Jacqueline Wei Priya Omar Fatima Luis Carmen Ahmed Yuki Dmitri Olga Kwame Ngozi
    Arjun Mei Diego Lucia
""")
COMMON = _words("""
    Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez
    Lopez Gonzalez Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson
    White Harris Sanchez Clark Ramirez Lewis Robinson Walker Young Allen King Wright Scott
    Torres Nguyen Hill Flores Green Adams Nelson Baker Hall Rivera Campbell Mitchell
    Carter Roberts
""")
HEADS = _words("""
    Ash Bar Black Bron Bur Cald Carl Clay Cole Cran Dal Den Dun East El Fair Fen Ford Glen
    Gran Green Hal Hart Hol Ken Kirk Lang Lin Long Mar Mel Nor Oak Pem Rad Red Ros Rut
    Sand Shel Stan Stock Strat Sut Thorn Tren Wake War Wes Whit Win Wood York
""")
TAILS = _words("""
    berg bridge brook burn bury by combe dale den don field ford gate grove ham hurst
    ington land leigh ley low man mere more ridge sett shaw son stead stein stone ton vale
    wald ward well wick wood worth
""")
TRADES = _words("""
    Logistics Realty Partners Dental Design Foods Law Labs Systems Interiors Clinic Books
""")
STREETS = _words("""
    Oak Maple Cedar Pine Elm Washington Lake Hill Park Main Sunset Ridge River Spring
""")
FORMS = ("LLC", "Inc.", "Co.", "Group", "")
KINDS = ("St", "Ave", "Rd", "Dr", "Ln", "Blvd", "Ct")
CITIES = (
    ("Denver", "CO", "802"),
    ("Aurora", "CO", "800"),
    ("Boulder", "CO", "803"),
    ("Austin", "TX", "787"),
    ("Phoenix", "AZ", "850"),
    ("Columbus", "OH", "432"),
    ("Raleigh", "NC", "276"),
    ("Portland", "OR", "972"),
)
DOMAINS = ("gmail.com", "gmail.com", "yahoo.com", "outlook.com", "icloud.com", "aol.com")
SOURCES = ("Google", "Referral", "Yelp", "Website", "Repeat", "")
NICKNAMES = {"Robert": "Bob", "William": "Bill", "Elizabeth": "Liz", "James": "Jim", "Susan": "Sue"}

FIRMS, TWICE, COUPLES, DESKS = 0.12, 0.05, 0.03, 0.01
"""The parts of all customers that are firms; entered once more; that share a phone with somebody
of another name; and that a relocation desk entered, each with the desk's phone and email."""


@dataclass(frozen=True)
class Place:
    """A street address."""

    street: str
    city: str
    state: str
    postcode: str

    def __str__(self) -> str:
        return f"{self.street}, {self.city}, {self.state} {self.postcode}"


@dataclass(frozen=True)
class Person:
    """A customer as somebody typed it."""

    name: str
    firm: str
    phone: str
    email: str
    home: Place


def person(seed: int, number: int) -> Person:
    """The customer of a number; the same for a seed, whoever else is made."""
    chance = _chance(seed, number)
    draw = chance.random()
    if number > 100 and draw < TWICE:
        return _again(person(seed, chance.randrange(1, number)), chance)
    made = _fresh(chance, seed, number)
    if number > 100 and draw < TWICE + COUPLES:
        other = person(seed, chance.randrange(1, number))
        return Person(made.name, made.firm, other.phone, made.email, other.home)
    if draw < TWICE + COUPLES + DESKS:
        desk = chance.randrange(20)
        return Person(
            made.name, "", _digits(f"303555{desk:04}"), f"desk{desk}@reloc.example", made.home
        )
    return made


def place(chance: Random) -> Place:
    """An address somewhere."""
    city, state, region = chance.choice(CITIES)
    street = f"{chance.randrange(1, 9_900)} {chance.choice(STREETS)} {chance.choice(KINDS)}"
    return Place(street, city, state, f"{region}{chance.randrange(100):02}")


def _chance(seed: int, number: int) -> Random:
    return Random(seed * 1_000_000_007 + number)


def _fresh(chance: Random, seed: int, number: int) -> Person:
    first, last = chance.choice(FIRST), _surname(chance)
    is_firm = chance.random() < FIRMS
    firm = f"{last} {chance.choice(TRADES)} {chance.choice(FORMS)}".strip() if is_firm else ""
    domain = f"{last.lower()}{chance.randrange(900)}.example" if firm else chance.choice(DOMAINS)
    user = f"{first}.{last}{chance.randrange(10_000)}".lower()
    phone = _digits(f"{chance.randrange(201, 990)}{chance.randrange(200, 999)}{number % 10_000:04}")
    email = f"{user}@{domain}" if chance.random() < 0.8 else ""
    return Person(f"{first} {last}", firm, phone, email, place(chance))


def _again(known: Person, chance: Random) -> Person:
    """Somebody who is in the book already, entered by somebody who did not look."""
    first, _, last = known.name.partition(" ")
    name = chance.choice((known.name, f"{NICKNAMES.get(first, first)} {last}", f"{last}, {first}"))
    plain = "".join(filter(str.isdigit, known.phone))
    phone = chance.choice((known.phone, plain, f"+1 {plain[:3]}.{plain[3:6]}.{plain[6:]}"))
    home = known.home if chance.random() < 0.5 else place(chance)
    return Person(name, known.firm, phone, known.email if chance.random() < 0.6 else "", home)


def _surname(chance: Random) -> str:
    if chance.random() < 0.35:
        return COMMON[int(len(COMMON) * chance.random() ** 2)]
    return chance.choice(HEADS) + chance.choice(TAILS)


def _digits(ten: str) -> str:
    return f"({ten[:3]}) {ten[3:6]}-{ten[6:]}"
