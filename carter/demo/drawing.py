"""Who calls and moves when: the told stories given their dates, and everybody else."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from carter.customers.models import Phone
from carter.demo.days import working_day
from carter.demo.firms import firms
from carter.demo.moves import Move, Planner
from carter.demo.places import Place, destination, somewhere
from carter.demo.profiles import Profile, Townsfolk
from carter.demo.stories import Story
from carter.jobs.models import Job
from carter.jobs.models.stages import COMPLETED

PEOPLE, COUPLES, BOOKED, CALLERS, LINKED = 228, 22, 30, 28, 5
OFFICE_SIZES = (
    Job.MoveSize.OFFICE,
    Job.MoveSize.OFFICE,
    Job.MoveSize.FEW_ITEMS,
    Job.MoveSize.OTHER,
)
TAGS = {"VIP": 0.03, "Military": 0.05, "Senior": 0.06, "Realtor referral": 0.05}
NOTES = (
    "Very happy with the crew; asked for the same foreman next time.",
    "Left a voicemail.",
    "Sent the checklist for the week before the move.",
    "One scratched chair leg; settled with a touch-up kit.",
    "Asked for a copy of the invoice for the employer.",
    "Will call back once the closing date is known.",
    "Tipped the crew.",
)
WON_FIRST, WON_AGAIN = 0.62, 0.84
CALLS_AGAIN, FIRM_CALLS_AGAIN = 0.62, 0.94
NEXT_MOVE = (80, 420)
FIRMS_NEXT_MOVE = (30, 170)


@dataclass
class Draw:
    """Draws customers with their moves, one after the other from the same chance."""

    chance: Random
    planner: Planner
    folk: Townsfolk

    def told(self, story: Story) -> list[Profile]:
        """The customer of a story with past moves, and the caller with an open lead."""
        known, place = story.customer, story.customer.home
        for days_ago in story.moved:
            taken = working_day(self.planner.calendar.today - timedelta(days=days_ago))
            place = self._moves(known, taken, place, won=True)
        if story.caller is None:
            return [known]
        self._calls(story.caller, self.chance.randint(0, 9))
        return [known, story.caller]

    def everybody_else(self) -> list[Profile]:
        """People, couples and firms with the moves of three years, and people who just called."""
        chance, folk = self.chance, self.folk
        known = [folk.person(somewhere(chance)) for _ in range(PEOPLE)]
        known += [folk.couple(somewhere(chance)) for _ in range(COUPLES)]
        known += firms(folk)
        for profile in known:
            self._live(profile)
            self._remark(profile)
        booked = [folk.person(somewhere(chance)) for _ in range(BOOKED)]
        for profile in booked:
            self._books(profile)
        callers = [folk.person(somewhere(chance)) for _ in range(CALLERS)]
        for profile in callers:
            self._calls(profile, chance.randint(0, 16))
        return [*known, *booked, *callers]

    def linked_leads(self, profiles: list[Profile]) -> list[tuple[Profile, Profile]]:
        """Leads of people who called again from a new phone, with whom they turned out to be."""
        people = [one for one in profiles if one.emails and not one.is_firm and len(one.moves) > 1]
        linked = []
        for known in self.chance.sample(people, LINKED):
            first, *_, last = known.name.split()
            lead = Profile(f"{first[0]}. {last}", known.home, source=self.folk.source())
            lead.phones.append((self.folk.phone(), Phone.Label.MOBILE))
            lead.emails.append(known.emails[0])
            self._calls(lead, self.chance.randint(10, 20))
            linked.append((lead, known))
        return linked

    def _live(self, profile: Profile) -> None:
        """The first move, and others as long as they call again."""
        again = FIRM_CALLS_AGAIN if profile.is_firm else CALLS_AGAIN
        gap = FIRMS_NEXT_MOVE if profile.is_firm else NEXT_MOVE
        calendar, place = self.planner.calendar, profile.home
        taken = calendar.some_day(self.chance)
        while taken < calendar.today:
            chance_to_win = WON_AGAIN if profile.moves else WON_FIRST
            won = self.chance.random() < chance_to_win
            place = self._moves(profile, taken, place, won=won)
            if self.chance.random() > again:
                return
            taken += timedelta(days=self.chance.randint(*gap))

    def _moves(self, profile: Profile, taken: date, place: Place, *, won: bool) -> Place:
        """One more move of a customer from where they are; returns where they are then."""
        to = destination(self.chance)
        size = self.chance.choice(OFFICE_SIZES) if profile.is_firm else ""
        move = self.planner.move(taken, place, to, size, won=won, firm=profile.is_firm)
        self._says(profile, move)
        is_done = move.stage in COMPLETED and not profile.is_firm
        return to if is_done else place

    def _books(self, profile: Profile) -> None:
        """A first move that is still to come, or on its way today."""
        taken = self.planner.calendar.today - timedelta(days=self.chance.randint(8, 25))
        days = self.chance.choice((0, 0, *range(1, 36)))
        move = self.planner.move(
            taken, profile.home, destination(self.chance), won=True, in_days=days
        )
        self._says(profile, move)

    def _calls(self, profile: Profile, days_ago: int) -> None:
        size = Job.MoveSize.OFFICE if profile.is_firm else ""
        move = self.planner.open_lead(days_ago, profile.home, destination(self.chance), size)
        self._says(profile, move)

    def _says(self, profile: Profile, move: Move) -> None:
        """What is said at intake: what is known of the customer by then."""
        contact = profile.contacts[0][0] if profile.contacts else ""
        move.name = contact if profile.is_firm else profile.name
        move.company_name = profile.name if profile.is_firm else ""
        move.phone = profile.phones[0][0] if profile.phones else ""
        move.email = profile.emails[0][0] if profile.emails else ""
        move.source = "Repeat customer" if profile.moves else profile.source
        if self.chance.random() < 0.05:
            stop = somewhere(self.chance)
            move.extra_stops = f"{stop.street}, {stop.city}, {stop.state} {stop.postcode}"
        profile.moves.append(move)

    def _remark(self, profile: Profile) -> None:
        profile.tags += [tag for tag, share in TAGS.items() if self.chance.random() < share]
        if self.chance.random() < 0.25:
            profile.notes.append(self.chance.choice(NOTES))
