"""The demo's book: three years of a moving company in Denver, the same on every first start."""

from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from faker import Faker

from carter.companies.models import Company
from carter.customers.models import Customer
from carter.demo.days import Calendar
from carter.demo.drawing import Draw
from carter.demo.monthly import invoice_the_storage
from carter.demo.moves import Planner
from carter.demo.people import TIME_ZONE, Office, open_office
from carter.demo.profiles import Townsfolk
from carter.demo.stories import stories
from carter.demo.troubles import Troubles
from carter.demo.warehouse import Warehousing
from carter.demo.writing import write
from carter.jobs.linking import link_job, offered_details
from carter.matching.keying import refresh_keys
from carter.search.indexing import refresh_words

SEED = 1947


@transaction.atomic
def make_book(now: datetime | None = None) -> Company:
    """A company with its people and about 400 customers, ending now; everything is invented."""
    calendar = Calendar(now or timezone.now(), ZoneInfo(TIME_ZONE))
    office = open_office(since=calendar.at(calendar.opening, 9))
    draw = draw_for(calendar)
    profiles = [profile for story in stories() for profile in draw.told(story)]
    profiles += draw.everybody_else()
    linked = draw.linked_leads([profile for profile in profiles if profile.moves])
    customers = write([*profiles, *(lead for lead, _ in linked)], office, calendar)
    by_number = {id(profile): customers[place] for place, profile in enumerate(profiles)}
    leads = customers[len(profiles) :]
    for lead, (_, known) in zip(leads, linked, strict=True):
        _link(lead, by_number[id(known)], office)
    Troubles(office, calendar).happen()
    Warehousing(office, calendar).fill()
    invoice_the_storage(office, calendar)
    refresh_keys(office.company)
    refresh_words(office.company)
    return office.company


def draw_for(calendar: Calendar) -> Draw:
    """Chance that is the same every time."""
    chance = Random(SEED)
    faker = Faker("en_US")
    faker.seed_instance(SEED)
    return Draw(chance, Planner(chance, calendar), Townsfolk(chance, faker))


def _link(lead: Customer, known: Customer, office: Office) -> None:
    """Link a lead to the customer it turned out to be, a few hours after it came in."""
    job = lead.jobs.get()
    at = job.created_at + (job.created_at - job.created_at.replace(minute=0)) * 3
    link_job(job, to=known, bringing=offered_details(job, to=known), by=office.manager)
    job.links.update(at=at)
    known.events.filter(about_kind="job", about_id=job.pk, what__startswith="linked").update(at=at)
