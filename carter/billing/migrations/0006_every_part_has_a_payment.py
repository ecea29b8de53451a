import django.db.models.deletion
import django.db.models.expressions
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0005_fill")]
    operations = [
        migrations.AlterField(
            model_name="paymentpart",
            name="payment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="parts",
                to="billing.payment",
            ),
        ),
        migrations.RemoveField(
            model_name="paymentpart",
            name="method",
        ),
        migrations.RemoveField(
            model_name="paymentpart",
            name="reference",
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    django.db.models.lookups.LessThanOrEqual(
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("amount_cents"), "-", models.F("tax_cents")
                                ),
                                "*",
                                models.Value(1000),
                            ),
                            "-",
                            django.db.models.expressions.CombinedExpression(
                                models.F("quantity_thousandths"), "*", models.F("unit_price_cents")
                            ),
                        ),
                        500,
                    ),
                    django.db.models.lookups.GreaterThanOrEqual(
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("amount_cents"), "-", models.F("tax_cents")
                                ),
                                "*",
                                models.Value(1000),
                            ),
                            "-",
                            django.db.models.expressions.CombinedExpression(
                                models.F("quantity_thousandths"), "*", models.F("unit_price_cents")
                            ),
                        ),
                        -500,
                    ),
                ),
                name="charge_is_quantity_times_price",
            ),
        ),
    ]
