"""The stages a move goes through, and which step leads where."""

from django.db import models


class Stage(models.TextChoices):
    """Where a lead or job stands."""

    NEW = "new", "New"
    CONTACTED = "contacted", "Contacted"
    ESTIMATE_SENT = "estimate-sent", "Estimate sent"
    LOST = "lost", "Lost"
    TURNED_DOWN = "turned-down", "Turned down"
    BOOKED = "booked", "Booked"
    IN_PROGRESS = "in-progress", "In progress"
    COMPLETED_OPEN = "completed-open", "Completed open"
    COMPLETED_CLOSED = "completed-closed", "Completed closed"
    CANCELLED = "cancelled", "Cancelled"
    IMPORT_UNDONE = "import-undone", "Import undone"


OPEN_LEAD = (Stage.NEW, Stage.CONTACTED, Stage.ESTIMATE_SENT)
LOST_LEAD = (Stage.LOST, Stage.TURNED_DOWN)
LEAD = (*OPEN_LEAD, *LOST_LEAD)
RUNNING_JOB = (Stage.BOOKED, Stage.IN_PROGRESS, Stage.COMPLETED_OPEN, Stage.COMPLETED_CLOSED)
COMPLETED = (Stage.COMPLETED_OPEN, Stage.COMPLETED_CLOSED)
JOB = (*RUNNING_JOB, Stage.CANCELLED)
ARCHIVED = (*LOST_LEAD, Stage.CANCELLED, Stage.IMPORT_UNDONE)

STAGES_BY_BOARD: dict[str, tuple[Stage, ...]] = {
    "leads": OPEN_LEAD,
    "jobs": RUNNING_JOB,
    "customer": (*OPEN_LEAD, *RUNNING_JOB),
}

NEXT: dict[str, tuple[Stage, ...]] = {
    Stage.NEW: (Stage.CONTACTED, Stage.ESTIMATE_SENT, Stage.BOOKED, Stage.LOST, Stage.TURNED_DOWN),
    Stage.CONTACTED: (
        Stage.NEW,
        Stage.ESTIMATE_SENT,
        Stage.BOOKED,
        Stage.LOST,
        Stage.TURNED_DOWN,
    ),
    Stage.ESTIMATE_SENT: (
        Stage.NEW,
        Stage.CONTACTED,
        Stage.BOOKED,
        Stage.LOST,
        Stage.TURNED_DOWN,
    ),
    Stage.LOST: (Stage.NEW, Stage.CONTACTED, Stage.ESTIMATE_SENT),
    Stage.TURNED_DOWN: (Stage.NEW, Stage.CONTACTED, Stage.ESTIMATE_SENT),
    Stage.BOOKED: (Stage.IN_PROGRESS, Stage.COMPLETED_OPEN, Stage.CANCELLED),
    Stage.IN_PROGRESS: (Stage.BOOKED, Stage.COMPLETED_OPEN, Stage.CANCELLED),
    Stage.COMPLETED_OPEN: (Stage.IN_PROGRESS, Stage.COMPLETED_CLOSED),
    Stage.COMPLETED_CLOSED: (Stage.COMPLETED_OPEN,),
    Stage.CANCELLED: (Stage.BOOKED, Stage.CONTACTED),
    Stage.IMPORT_UNDONE: (),
}
NEEDS_REASON = (Stage.LOST, Stage.TURNED_DOWN, Stage.CANCELLED)
