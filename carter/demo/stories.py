"""Customers of the demo told by hand: repeat callers, families, firms, desks, and rare names."""

from collections.abc import Iterator
from dataclasses import dataclass

from carter.customers.models import Contact, Customer
from carter.demo.places import Place
from carter.demo.profiles import Profile

PERSON, HOUSEHOLD, FIRM = Customer.Kind.PERSON, Customer.Kind.HOUSEHOLD, Customer.Kind.COMPANY

BOB, KATIE, WALTER = "Bob Hollis", "Katie Lindqvist", "Walter Jennings Jr."


@dataclass(frozen=True)
class Story:
    """A known customer and the open lead of somebody who may be the same.

    `customer` moved as many days ago as listed. `caller` is what the new lead says; None when
    nobody called again.
    """

    customer: Profile
    moved: tuple[int, ...]
    caller: Profile | None = None


def stories() -> Iterator[Story]:
    """Everything told by hand, the repeat callers first."""
    yield from _repeat_callers()
    yield from _families()
    yield from _shared_desks()
    yield from _rare_names()
    yield _not_served()


def _repeat_callers() -> Iterator[Story]:
    yield Story(
        _known("Robert Hollis", "2140 S Clayton St", "(303) 555-2841", "robert.hollis@example.com"),
        (910, 388),
        _caller(BOB, "", "303.555.2841"),
    )
    yield Story(
        _known("Danielle Okafor", "815 Corona St Apt 4", "(720) 555-3310", "d.okafor@example.net"),
        (540,),
        _caller("danielle okafor", "", "+1 720 555 3310"),
    )
    yield Story(
        # Nobody can own this mailbox: Gmail names are at most thirty letters long.
        _known(
            "Alexandrina Montgomery-Vanderberg",
            "77 Hazel Ct",
            "303-555-3957",
            "alexandrina.montgomery.vanderberg@gmail.com",
        ),
        (702,),
        _caller(
            "Alexandrina Vanderberg",
            "",
            "(970) 555-4406",
            "alexandrinamontgomeryvanderberg@gmail.com",
        ),
    )
    yield Story(
        _known(
            "Katherine Brandt", "1450 Wynkoop St Apt 12", "3035554127", "kate.brandt@example.net"
        ),
        (655,),
        _caller(KATIE, "4406 Tennyson St", "(303) 555-4127", "kate.brandt@example.net"),
    )
    yield Story(
        _known_firm("Cascade Dental Group, L.L.C.", "Noor Haddad", "303 555 2960"),
        (820, 430, 95),
        _calling_firm("CASCADE DENTAL GROUP", "Tomas Beck", "(303) 555-2960 ext 7"),
    )
    yield Story(
        _known("Jonathan Pruitt", "3380 Larch Lane", "(720) 555-2218", "jpruitt@example.org"),
        (330,),
        _caller("Jonathon Pruit", "3380 Larch Ln", "(720) 555-2219"),
    )
    yield Story(
        _known(
            "Marcus Delacroix", "519 Elati St", "(303) 555-3071", "marcus.delacroix@example.org"
        ),
        (1010, 270),
        _caller("M. Delacroix", "", "", "marcus.delacroix+move@example.org"),
    )
    yield Story(
        _known("Yolanda Whitfield", "6120 E Dahlia Way", "(720) 555-4470", "", "(303) 555-2217"),
        (760,),
        _caller("Yolanda Whitfield", "", "303 555 2217"),
    )
    yield Story(
        _known(
            "Priya Raman", "1180 Franklin St Apt 6", "(303) 555-2519", "priya.raman@example.com"
        ),
        (480, 150),
        _caller("Priya Raman", "1180 Franklin Street #6", "(303) 555-4881"),
    )
    yield Story(
        _known(
            "María Fernández-Castillo", "905 Vallejo St", "720-555-3642", "maria.fc@example.com"
        ),
        (365,),
        _caller("Maria Castillo", "", "(720) 555-3642"),
    )
    yield Story(
        _known("William Tran", "2755 Pearl St", "(303) 555-4038", "william.tran@example.net"),
        (210,),
        _caller("Bill Tran", "", "", "William.Tran@example.net"),
    )
    yield Story(
        _known("Nguyễn Thị Lan", "3909 Umatilla St", "(720) 555-2764", ""),
        (590,),
        _caller("Lan Nguyen", "3909 Umatilla Street", "7205552764"),
    )


def _families() -> Iterator[Story]:
    """One phone and one roof, and yet not one customer."""
    yield Story(
        _known("Walter Jennings Sr.", "18 Meadowlark Dr", "(303) 555-3185", ""),
        (940,),
        _caller(WALTER, "18 Meadowlark Drive", "303-555-3185"),
    )
    yield Story(
        _known("Grace Adeyemi", "7425 W Otis Ct", "(303) 555-4650", "grace.adeyemi@example.com"),
        (415,),
        _caller("Tunde Adeyemi", "7425 W Otis Court", "303 555 4650", "tunde@example.org"),
    )
    yield Story(
        _known("Kelsey Vance", "960 Grant St Apt 21", "(720) 555-2093", "kelsey.v@example.com"),
        (240,),
        _caller("Amir Haddad", "960 Grant St Apt 21", "(983) 555-3308", "amir.h@example.net"),
    )
    couple = _known("Mary & John O’Brien", "44 Juniper Rd", "(303) 555-2277", "obriens@example.com")
    couple.kind = HOUSEHOLD
    couple.contacts += [
        ("Mary O’Brien", Contact.Role.PRIMARY),
        ("John O’Brien", Contact.Role.PARTNER),
    ]
    yield Story(couple, (1040, 620, 130))


def _shared_desks() -> Iterator[Story]:
    """A property manager's phone and a relocation desk's mailbox: many customers, no duplicates."""
    phone, desk = "(303) 555-4900", "moves@meridianrelocation.example"
    manager = _known_firm("Keystone Property Management, LLC", "Paula Greer", phone)
    manager.tags.append("Property manager")
    yield Story(manager, (870, 300))
    tenants = ("Dominic Fry", "Ayesha Malik", "Corey Lund", "Beatriz Solano", "Hank Ostrowski")
    for number, name in enumerate(tenants):
        tenant = _known(name, f"2200 Logan St Apt {number + 3}", phone, "")
        tenant.contacts.append(("Paula Greer", Contact.Role.PROPERTY_MANAGER))
        yield Story(tenant, (80 + 130 * number,))
    coordinator = _known_firm("Meridian Relocation, Inc.", "Sylvie Arnaud", "(312) 555-3400", desk)
    coordinator.tags.append("Relocation")
    yield Story(coordinator, (700,))
    transferees = ("Hiro Tanaka", "Ines Cordeiro", "Paul Whitcomb", "Leila Farsi", "Oskar Lind")
    for number, name in enumerate(transferees):
        transferee = _known(name, f"{510 + 11 * number} Roslyn Way", "", desk)
        transferee.contacts.append(("Sylvie Arnaud", Contact.Role.RELOCATION))
        transferee.tags.append("Relocation")
        yield Story(transferee, (60 + 170 * number,))


def _rare_names() -> Iterator[Story]:
    names = (
        "王小明",
        "김민수",
        "Иван Петров",
        "محمد الحسن",
        "प्रिया शर्मा",
        "Þórunn Guðmundsdóttir",
        "María de los Ángeles Fernández de Villanueva y Castellanos",
        "Hubert Blaine Wolfeschlegelsteinhausenbergerdorff Sr.",
        "Ng O",
    )
    for number, name in enumerate(names):
        home = f"{120 + 31 * number} Quitman St"
        yield Story(_known(name, home, f"(720) 555-44{number + 10}", ""), (90 + 97 * number,))


def _not_served() -> Story:
    profile = _known("Gary Stroud", "5151 Pecos St", "(303) 555-3666", "gstroud@example.org")
    profile.do_not_service = "Threatened the crew on the stairs; decided by Maren Holt."
    profile.notes.append("Crew left before the end, for their safety. Do not send anybody again.")
    return Story(profile, (505,))


def _known(name: str, street: str, phone: str, email: str, former_phone: str = "") -> Profile:
    return Profile(
        name,
        Place(street, "Denver", "CO", "80211"),
        phones=[(phone, "mobile")] if phone else [],
        emails=[(email, "personal")] if email else [],
        former_phones=[former_phone] if former_phone else [],
        source="Referral",
    )


def _caller(name: str, street: str, phone: str, email: str = "") -> Profile:
    profile = _known(name, street, phone, email)
    profile.home = Place(street, "Denver", "CO", "80211" if street else "")
    profile.source = "Website"
    return profile


def _known_firm(name: str, contact: str, phone: str, email: str = "") -> Profile:
    domain = f"{name.split(',', maxsplit=1)[0].replace(' ', '').lower()}.example"
    return Profile(
        name,
        Place("3300 E Evans Ave Suite 200", "Denver", "CO", "80210"),
        kind=FIRM,
        category=Customer.Category.COMMERCIAL,
        phones=[(phone, "work")],
        emails=[(email or f"{contact.split(maxsplit=1)[0].lower()}@{domain}", "work")],
        contacts=[(contact, Contact.Role.PRIMARY)],
        source="Referral",
    )


def _calling_firm(name: str, contact: str, phone: str) -> Profile:
    profile = _known_firm(name, contact, phone)
    profile.source = "Website"
    return profile
