"""**Search Jobs**: anything a caller says, as it is typed."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from carter.search.finding import PER_GROUP, search
from carter.web.middleware.company import StaffRequest
from carter.web.replica import only_reads

ON_A_PAGE = 25
LONGEST = 200


@require_GET
@only_reads
def index(request: StaffRequest) -> HttpResponse:
    """What was found: the list under the box while typing, else a page of its own."""
    text = request.GET.get("q", "")[:LONGEST].strip()
    if request.htmx:
        results = search(request.company, text, limit=PER_GROUP)
        return render(request, "search/_results.html", {"results": results})
    results = search(request.company, text, limit=ON_A_PAGE)
    return render(request, "search/index.html", {"results": results, "text": text})
