"""Who works on the installation that is tested: run with its settings, tells their sessions."""

import gc
import json
import sys

import django

django.setup()

from carter.bench.office import sign_in  # noqa: E402 (models exist from here on)
from carter.commands.migrate import bring_up_to_date  # noqa: E402
from tests.builders import a_company, a_customer, a_job, a_member, the_owner  # noqa: E402

if __name__ == "__main__":
    gc.disable()  # Looking for garbage is a third of the time that migrations take.
    bring_up_to_date()
    company = a_company("Ada’s Movers", owner="Ada Owner")
    customer = a_customer(company, "Nina Known", phone="303-555-0100")
    a_job(customer)
    said = {"company": company.pk, "ada": sign_in(the_owner(company))}
    said |= {"sam": sign_in(a_member(company)), "customer": customer.pk}
    sys.stdout.write(json.dumps(said))
