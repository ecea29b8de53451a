from django.db import migrations


def make_words_anew(apps, schema_editor):
    """The parts of mailboxes stand together, too; `carter migrate` makes them anew."""
    for app, model in (("customers", "Customer"), ("jobs", "Job")):
        apps.get_model(app, model)._base_manager.filter(words_due=False).update(words_due=True)


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0002_pairs_by_their_first_letters"),
        ("customers", "0001_initial"),
        ("jobs", "0001_initial"),
    ]

    operations = [migrations.RunPython(make_words_anew, migrations.RunPython.noop)]
