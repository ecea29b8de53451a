from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "carter.outbox"
    label = "outbox"
