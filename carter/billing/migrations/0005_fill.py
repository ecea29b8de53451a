"""Give every charge its unit price, and every part a payment of its own."""

from typing import Any

from django.db import migrations
from django.db.models import F


def fill(apps: Any, editor: Any) -> None:
    Charge, Payment, PaymentPart = (
        apps.get_model("billing", name)._base_manager.all()
        for name in ("Charge", "Payment", "PaymentPart")
    )
    Charge.update(unit_price_cents=F("amount_cents"))
    for part in PaymentPart.filter(payment=None).iterator():
        payment = Payment.create(
            company_id=part.company_id,
            method=part.method,
            reference=part.reference,
            amount_cents=part.amount_cents,
            on=part.on,
            by_id=part.by_id,
            created_at=part.created_at,
        )
        PaymentPart.filter(pk=part.pk).update(payment=payment)


class Migration(migrations.Migration):
    dependencies = [("billing", "0004_invoices")]

    operations = [migrations.RunPython(fill, elidable=True)]
