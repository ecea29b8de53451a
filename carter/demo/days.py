"""The days and hours at which things happened in the demo book."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

YEARS = 3
BUSY = (5, 5, 7, 8, 11, 13, 13, 12, 9, 7, 5, 5)
"""How much of a year's work comes in each month: people move in summer."""
SUNDAY = 6


@dataclass(frozen=True)
class Calendar:
    """The three years up to now, where the company works."""

    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @property
    def yesterday(self) -> date:
        return self.today - timedelta(days=1)

    @property
    def opening(self) -> date:
        return self.today - timedelta(days=365 * YEARS + 30)

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """A moment of a day, never later than now."""
        return min(datetime.combine(day, time(hour, minute), self.zone), self.now)

    def in_office_hours(self, chance: Random, day: date) -> datetime:
        return self.at(day, chance.randint(8, 17), chance.randint(0, 59))

    def some_day(self, chance: Random) -> date:
        """A working day since the company opened: more in the busy months."""
        while True:
            day = self.yesterday - timedelta(days=int(365 * YEARS * chance.random()))
            if day.weekday() != SUNDAY and chance.randint(0, max(BUSY)) <= BUSY[day.month - 1]:
                return day


def working_day(day: date) -> date:
    """The day itself, or the Monday after a Sunday."""
    return day + timedelta(days=1) if day.weekday() == SUNDAY else day
