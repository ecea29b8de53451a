import django.db.models.deletion
from django.db import migrations, models

INDEX = "customers_customer_head_id_89c6bc22"


class Migration(migrations.Migration):
    dependencies = [("customers", "0004_field_writes")]

    operations = [
        migrations.SeparateDatabaseAndState(
            # Django would write the whole table anew on SQLite.
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX {INDEX}",
                    f"CREATE INDEX {INDEX} ON customers_customer (head_id)",
                )
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="customer",
                    name="head",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="former_records",
                        to="customers.customer",
                    ),
                )
            ],
        )
    ]
