"""Rules that always hold of leads and jobs: `carter check`."""

from carter.customers.checking import Rule, numbers_without_gaps

RULES = (Rule("Lead and job numbers have no gaps.", numbers_without_gaps("job", "jobs_job")),)
