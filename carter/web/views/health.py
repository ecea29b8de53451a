"""Two addresses for the machines that watch over Carter."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from carter.health.readiness import why_not_ready
from carter.web.middleware.company import public

PLAIN = "text/plain; charset=utf-8"


@public
@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is alive. A watcher restarts it when this does not answer."""
    return HttpResponse("ok\n", content_type=PLAIN)


@public
@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Carter can serve; else 503 with the reason, and a balancer sends people elsewhere."""
    reason = why_not_ready()
    return HttpResponse(f"{reason or 'ready'}\n", content_type=PLAIN, status=503 if reason else 200)
