"""The firms of the demo: commercial accounts with several contacts, some with branches."""

from collections.abc import Iterator

from carter.customers.models import Contact, Customer, Email, Phone
from carter.demo.places import AROUND, Place, address_in, somewhere
from carter.demo.profiles import Profile, Townsfolk

FIRMS = """
    Aspen Ridge Accounting, P.C.
    Bluebird Early Learning, Inc.
    Bristlecone Brewing Co.
    Caldera Software, Inc.
    Cherry Creek Orthodontics, P.C.
    Colfax Vinyl & Books
    Columbine Hospice Care
    Copper Kettle Catering, LLC
    Divide Outdoor Supply, Inc.
    Elk Run Property Advisors
    Firehouse Ceramics, LLC
    Foothill Family Practice, P.C.
    Granite Peak Engineering, Inc.
    High Line Architects, LLP
    Ironwood Title & Escrow
    Juniper Street Theatre
    Kestrel Aerial Surveys, LLC
    Larkspur Veterinary Clinic
    Lodgepole Furniture, Inc.
    Mesa Verde Imaging, LLC
    Mile & Main Coworking
    Nine Bells Press
    Overland Freight Brokers, Inc.
    Paintbrush Design Studio
    Ponderosa Credit Union
    Quarry Lane Dental
    Red Rocks Audio, Inc.
    Sagebrush Insurance Agency
    Timberline Eye Care, P.C.
    Union Square Law, LLP
    Vail Pass Robotics, Inc.
    Westslope Fitness, LLC
"""
BRANCHED = {
    "Front Range Physical Therapy": ("Denver", "Aurora", "Boulder", "Littleton"),
    "Sunlit Senior Living": ("Lakewood", "Arvada", "Golden"),
}
ROLES = (Contact.Role.SITE, Contact.Role.BILLING, Contact.Role.OTHER)


def firms(folk: Townsfolk) -> Iterator[Profile]:
    """Every firm, then the branches of those that have several."""
    for line in FIRMS.strip().splitlines():
        yield firm(folk, line.strip(), somewhere(folk.chance))
    for name, cities in BRANCHED.items():
        towns = {town.name: town for town in AROUND}
        for city in cities:
            home = address_in(folk.chance, towns[city])
            branch = firm(folk, f"{name} – {city}", home, domain=domain_of(name))
            branch.notes.append(f"One of the {len(cities)} offices of {name}.")
            yield branch


def firm(folk: Townsfolk, name: str, home: Place, *, domain: str = "") -> Profile:
    """A firm with its main contact, one or two more, and mailboxes of its own domain."""
    profile = Profile(
        name,
        home,
        kind=Customer.Kind.COMPANY,
        category=Customer.Category.COMMERCIAL,
        source=folk.source(),
    )
    people = [f"{folk.first_name()} {folk.last_name()}" for _ in range(folk.chance.randint(2, 3))]
    roles = [Contact.Role.PRIMARY, *folk.chance.sample(ROLES, len(people) - 1)]
    profile.contacts += zip(people, roles, strict=True)
    profile.phones.append((folk.phone(), Phone.Label.WORK))
    if folk.chance.random() < 0.5:
        profile.phones.append((f"{profile.phones[0][0]} ext {folk.chance.randint(2, 40)}", "work"))
    domain = domain or domain_of(name)
    profile.emails.append((f"{people[0].split()[0].lower()}@{domain}", Email.Label.WORK))
    if Contact.Role.BILLING in roles:
        profile.emails.append((f"billing@{domain}", Email.Label.BILLING))
        profile.bill_to = f"{name}\nAccounts Payable\n{home.street}\n{home.city}, {home.state}"
    return profile


def domain_of(name: str) -> str:
    """A domain under .example, which nobody can own."""
    words = name.split(",", maxsplit=1)[0].replace("&", "").replace(".", "").lower().split()
    return f"{''.join(words[:3])}.example"
