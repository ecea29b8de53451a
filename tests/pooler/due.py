"""Storage with invoices due for months, and an invoice's public address, for the test's company."""

import json
import sys
from datetime import date, timedelta

import django

django.setup()

from carter.companies.models import Company  # noqa: E402 (models exist from here on)
from carter.paperwork.links import address_of  # noqa: E402
from tests.builders import a_charge, a_customer, a_job, an_invoice  # noqa: E402
from tests.recurring.builders import a_schedule, at, storage  # noqa: E402

if __name__ == "__main__":
    schedules, months = (int(word) for word in sys.argv[1:])
    company = Company.objects.get()
    company.has_storage = True
    company.save()
    first = date.today().replace(day=1)  # noqa: DTZ011 (any month will do)
    since = date(first.year - (first.month <= months), (first.month - months - 1) % 12 + 1, 1)
    with at(since.isoformat()):  # What is due on the day it is started would be invoiced at once.
        for number in range(schedules):
            goods = storage(company, f"Storer {number}", since=since.isoformat())
            a_schedule(goods, starts_on=(since + timedelta(days=1)).isoformat())
    invoice = an_invoice([a_charge(a_job(a_customer(company)))])
    sys.stdout.write(json.dumps({"since": since.isoformat(), "link": address_of(invoice)}))
