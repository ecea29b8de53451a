"""Give every charge its unit price, and every payment a part that follows its customer."""

from typing import Any

from django.db import migrations
from django.db.models import F


def fill(apps: Any, editor: Any) -> None:
    Charge, Payment, PaymentPart, Entry = (
        apps.get_model("billing", name)._base_manager.all()
        for name in ("Charge", "Payment", "PaymentPart", "Entry")
    )
    Charge.update(unit_price_cents=F("amount_cents"))
    for payment in Payment.order_by("pk").iterator():
        part = PaymentPart.create(
            payment=payment,
            company_id=payment.company_id,
            customer_id=payment.customer_id,
            born_to_id=payment.born_to_id,
            job_id=payment.job_id,
            amount_cents=payment.amount_cents,
            on=payment.on,
            by_id=payment.by_id,
            created_at=payment.created_at,
        )
        Entry.filter(payment=payment).update(part=part)


class Migration(migrations.Migration):
    dependencies = [("billing", "0004_invoices")]

    operations = [migrations.RunPython(fill, elidable=True)]
