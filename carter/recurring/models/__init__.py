"""Storage that is invoiced by itself, month after month, and what happens when it is not paid."""

from carter.recurring.models.late import LateFee, LatePolicy, LateStep
from carter.recurring.models.period import SchedulePeriod
from carter.recurring.models.run import TickRun
from carter.recurring.models.schedule import Pause, PriceChange, RecurringInvoice, RecurringLine

__all__ = [
    "LateFee",
    "LatePolicy",
    "LateStep",
    "Pause",
    "PriceChange",
    "RecurringInvoice",
    "RecurringLine",
    "SchedulePeriod",
    "TickRun",
]
