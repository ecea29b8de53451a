"""Rules that always hold of the warehouse: `carter check`."""

from carter.customers.checking import Rule, filled, sql
from carter.jobs.models.stages import STORAGE, Stage

STAGES = ", ".join(f"'{stage}'" for stage in STORAGE)

OVERLAPPING = """
SELECT a.id FROM storage_stay a
JOIN storage_stay b ON b.location_id = a.location_id AND b.id > a.id
WHERE (b.end_on IS NULL OR a.start_on < b.end_on) AND (a.end_on IS NULL OR b.start_on < a.end_on)
{of a}
"""
WITHOUT_STORAGE = """
SELECT a.id FROM jobs_job a LEFT JOIN storage_storagejob s ON s.job_id = a.id
WHERE a.stage IN ({stages}) AND s.job_id IS NULL {of a}
"""
WITHOUT_STAGE = """
SELECT a.job_id FROM storage_storagejob a JOIN jobs_job j ON j.id = a.job_id
WHERE j.stage NOT IN ({stages}) {of a}
"""
STANDING_WHEN_OVER = """
SELECT a.id FROM storage_stay a JOIN jobs_job j ON j.id = a.storage_job_id
WHERE a.left_at IS NULL AND j.stage IN ({over}) {of a}
"""
IN_A_CLOSED_ONE = """
SELECT a.id FROM storage_stay a JOIN storage_location l ON l.id = a.location_id
WHERE a.left_at IS NULL AND a.end_on IS NULL AND l.closed_at IS NOT NULL {of a}
"""

RULES = (
    Rule("No two storage jobs are in one location on one day.", sql("stay", OVERLAPPING)),
    Rule(
        "A storage job has what storage knows of it, and nothing else has.",
        sql(
            "job",
            filled(WITHOUT_STORAGE, stages=STAGES),
            filled(WITHOUT_STAGE, stages=STAGES),
        ),
    ),
    Rule(
        "Who moved out or was called off holds no location.",
        sql(
            "stay",
            filled(STANDING_WHEN_OVER, over=f"'{Stage.MOVED_OUT}', '{Stage.CALLED_OFF}'"),
        ),
    ),
    Rule("Nothing is in a location that was given up.", sql("stay", IN_A_CLOSED_ONE)),
)
