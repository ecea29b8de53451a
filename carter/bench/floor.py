"""The floor below any page's cost: bare views on the same server and database."""

from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import path

from carter.customers.models import Customer
from carter.jobs.models import Job

ROWS = 50
PAGE = """
<!doctype html><title>Jobs</title><table>{% for job in jobs %}<tr>
<td><a href="/jobs/{{ job.pk }}/">{{ job.number }}</a></td><td>{{ job.name }}</td>
<td>{{ job.stage }}</td><td>{{ job.move_on|date:"M j, Y" }}</td><td>{{ job.origin_city }}</td>
<td>{{ job.destination_city }}</td><td>{{ job.estimate_cents|floatformat:"2g" }}</td>
</tr>{% endfor %}</table>
"""
TEMPLATE = Engine().from_string(PAGE)


def hello(request: HttpRequest) -> HttpResponse:
    """Nothing but Django's way in and out."""
    return HttpResponse("hello")


def row(request: HttpRequest, key: int) -> HttpResponse:
    """One row by its key."""
    return HttpResponse(Customer.across_companies.get(pk=key).name)


def rows(request: HttpRequest) -> HttpResponse:
    """Fifty rows by one query, in a bare template."""
    jobs = Job.across_companies.order_by("pk")[:ROWS]
    return HttpResponse(TEMPLATE.render(Context({"jobs": jobs})))


urlpatterns = [path("hello/", hello), path("row/<int:key>/", row), path("rows/", rows)]
