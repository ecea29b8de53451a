"""The stages of a move and of a storage job, and which step of a move leads where."""

from django.db import models


class Stage(models.TextChoices):
    """Where a lead, a job or a storage job stands."""

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
    RESERVED = "reserved", "Reserved"
    IN_STORAGE = "in-storage", "In storage"
    PARTLY_OUT = "partly-out", "Partly out"
    MOVED_OUT = "moved-out", "Moved out"
    CALLED_OFF = "called-off", "Called off"


OPEN_LEAD = (Stage.NEW, Stage.CONTACTED, Stage.ESTIMATE_SENT)
LOST_LEAD = (Stage.LOST, Stage.TURNED_DOWN)
LEAD = (*OPEN_LEAD, *LOST_LEAD)
RUNNING_JOB = (Stage.BOOKED, Stage.IN_PROGRESS, Stage.COMPLETED_OPEN, Stage.COMPLETED_CLOSED)
COMPLETED = (Stage.COMPLETED_OPEN, Stage.COMPLETED_CLOSED)
JOB = (*RUNNING_JOB, Stage.CANCELLED)
STORED = (Stage.IN_STORAGE, Stage.PARTLY_OUT)
STORAGE = (Stage.RESERVED, *STORED, Stage.MOVED_OUT, Stage.CALLED_OFF)
ARCHIVED = (*LOST_LEAD, Stage.CANCELLED, Stage.IMPORT_UNDONE, Stage.CALLED_OFF)

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
    # Goods go in and out, and what is billed with them: those are deeds of storage.
    **dict.fromkeys(STORAGE, ()),
}
NEEDS_REASON = (Stage.LOST, Stage.TURNED_DOWN, Stage.CANCELLED)
