"""**Move Out**: the goods go, with a look at what that does to the money first."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from carter.billing.balances import balance_of
from carter.billing.posting import CannotPost
from carter.companies.rights import Right
from carter.recurring.leaving import MoveOutPlan, plan_move_out
from carter.recurring.moving_out import move_out
from carter.storage.models import StorageJob
from carter.web.access import handles_money, of_storage
from carter.web.forms.recurring import MoveOutForm
from carter.web.middleware.company import StaffRequest
from carter.web.once import tell
from carter.web.views.finding_storage import the_storage_job


@of_storage
@require_http_methods(["GET", "POST"])
@handles_money(Right.TAKE_PAYMENT)
def moving_out(request: StaffRequest, storage_job_id: int) -> HttpResponse:
    """Say what went out; nothing happens that was not shown."""
    storage_job = the_storage_job(request, storage_job_id)
    request.section = "/storage/"
    typed = request.POST or None
    form = MoveOutForm(typed, storage_job=storage_job, initial={"on": request.company.today})
    plan = _planned(storage_job, form)
    if plan is not None and request.POST.get("seen") and "preview" not in request.POST:
        try:
            move_out(storage_job, **form.asked, seen=request.POST["seen"], by=request.member)
        except CannotPost as reason:
            tell(form, reason)
        else:
            messages.success(
                request, f"{storage_job}: what went out is noted, and billed to the day."
            )
            return redirect(storage_job)
    context = {
        "storage_job": storage_job,
        "job": storage_job.job,
        "form": form,
        "plan": plan,
        "balance": balance_of(storage_job.customer),
    }
    status = 422 if form.errors else 200
    return render(request, "recurring/move_out.html", context, status=status)


def _planned(storage_job: StorageJob, form: MoveOutForm) -> MoveOutPlan | None:
    """What would come of it; the form says why when nothing can."""
    if not form.is_bound:
        try:
            return plan_move_out(storage_job, on=storage_job.company.today)
        except CannotPost:
            return None
    if not form.is_valid():
        return None
    try:
        return plan_move_out(storage_job, **form.asked)
    except CannotPost as reason:
        tell(form, reason)
        return None
