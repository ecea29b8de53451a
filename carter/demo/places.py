"""Where the demo's customers live and move to: Denver, the towns around it, and far away."""

from dataclasses import dataclass
from random import Random

from carter.jobs.models import Job


@dataclass(frozen=True)
class Town:
    """A town with its postcodes' first digits, and how often it is moved to."""

    name: str
    state: str
    postcodes: str
    weight: int


@dataclass(frozen=True)
class Place:
    """A postal address."""

    street: str
    city: str
    state: str
    postcode: str


AROUND = (
    Town("Denver", "CO", "802", 34),
    Town("Aurora", "CO", "800", 14),
    Town("Lakewood", "CO", "802", 10),
    Town("Arvada", "CO", "800", 8),
    Town("Littleton", "CO", "801", 8),
    Town("Englewood", "CO", "801", 5),
    Town("Boulder", "CO", "803", 7),
    Town("Golden", "CO", "804", 4),
)
IN_STATE = (
    Town("Fort Collins", "CO", "805", 5),
    Town("Colorado Springs", "CO", "809", 6),
    Town("Pueblo", "CO", "810", 2),
    Town("Grand Junction", "CO", "815", 1),
)
FAR = (
    Town("Salt Lake City", "UT", "841", 3),
    Town("Albuquerque", "NM", "871", 3),
    Town("Phoenix", "AZ", "850", 3),
    Town("Austin", "TX", "787", 4),
    Town("Kansas City", "MO", "641", 2),
    Town("Chicago", "IL", "606", 3),
    Town("Seattle", "WA", "981", 2),
    Town("Portland", "OR", "972", 2),
)
STREETS = """
    Adams, Alder, Aspen Ridge, Bannock, Bellaire, Birch, Blake, Canyon Creek, Cedar,
    Cherry, Clarkson, Clayton, Columbine, Corona, Cottonwood, Dahlia, Delaware, Downing, Elati,
    Elm, Emerson, Evans, Fairfax, Fillmore, Foothill, Forest, Franklin, Fulton, Galapago, Gilpin,
    Glencoe, Grant, Harlan, Harrison, Hazel, High, Holly, Hudson, Humboldt, Ivanhoe, Jackson,
    Jasmine, Jersey, Josephine, Julian, Kearney, Krameria, Lafayette, Larch, Larimer, Lipan,
    Locust, Logan, Lowell, Madison, Magnolia, Maple, Marion, Meadowlark, Milwaukee, Monaco,
    Newport, Oneida, Osage, Otis, Pearl, Pecos, Perry, Pierce, Pine, Pontiac, Poplar, Quebec,
    Quitman, Race, Raleigh, Ridgeline, Roslyn, Saulsbury, Sherman, Spruce, Steele, Stuart,
    Syracuse, Tejon, Tennyson, Ulster, Umatilla, Utica, Vallejo, Vine, Vrain, Washington,
    Willow, Winona, Wolff, Wyandot, Xavier, Yates, York, Zuni
"""
NAMES = tuple(" ".join(name.split()) for name in STREETS.split(","))
KINDS = ("St", "Street", "Ave", "Avenue", "Way", "Ct", "Dr", "Lane", "Rd", "Blvd")
SIDES = ("", "", "", "", "N ", "S ", "E ", "W ")


def somewhere(chance: Random, towns: tuple[Town, ...] = AROUND) -> Place:
    """An address in one of the towns."""
    (town,) = chance.choices(towns, [town.weight for town in towns])
    return address_in(chance, town)


def address_in(chance: Random, town: Town) -> Place:
    street = f"{chance.choice(SIDES)}{chance.choice(NAMES)} {chance.choice(KINDS)}"
    unit = f" Apt {chance.randint(1, 40)}" if chance.random() < 0.28 else ""
    postcode = f"{town.postcodes}{chance.randint(1, 39):02d}"
    return Place(f"{chance.randint(100, 9_899)} {street}{unit}", town.name, town.state, postcode)


def destination(chance: Random) -> Place:
    """Where somebody moves: mostly near, sometimes across the state or the country."""
    reach = chance.choices((AROUND, IN_STATE, FAR), (80, 9, 11))[0]
    return somewhere(chance, reach)


def distance(origin: Place, to: Place) -> str:
    """How far a move is, as it is said at intake."""
    if origin.state != to.state:
        return Job.Distance.INTERSTATE
    near = {town.name for town in AROUND}
    is_local = {origin.city, to.city} <= near
    return Job.Distance.LOCAL if is_local else Job.Distance.INTRASTATE
