import django.db.models.expressions
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0005_fill")]

    operations = [
        migrations.RemoveField(
            model_name="entry",
            name="payment",
        ),
        migrations.RemoveField(
            model_name="payment",
            name="born_to",
        ),
        migrations.RemoveField(
            model_name="payment",
            name="customer",
        ),
        migrations.RemoveField(
            model_name="payment",
            name="job",
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
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("charge__isnull", False), ("part", None)),
                    models.Q(("charge", None), ("part__isnull", False)),
                    _connector="OR",
                ),
                name="entry_has_one_document",
            ),
        ),
    ]
