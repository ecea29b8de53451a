import pytest
from django.db.migrations.recorder import MigrationRecorder


def test_a_process_that_is_alive_says_so_without_the_database(client):
    answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_carter_is_ready_when_its_database_is(client):
    answer = client.get("/readyz")

    assert (answer.status_code, answer.content) == (200, b"ready\n")


@pytest.mark.django_db
def test_carter_is_not_ready_while_migrations_wait(client):
    MigrationRecorder.Migration.objects.filter(app="sessions").delete()

    answer = client.get("/readyz")

    assert (answer.status_code, answer.content) == (
        503,
        b"The database is not up to date: run `carter migrate`.\n",
    )


def test_health_is_answered_over_plain_http_inside_the_machine(client, settings):
    settings.SECURE_SSL_REDIRECT = True

    assert client.get("/healthz").status_code == 200


def test_health_is_only_looked_at(client):
    assert client.post("/healthz").status_code == 405
