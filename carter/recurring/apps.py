from django.apps import AppConfig


class RecurringConfig(AppConfig):
    name = "carter.recurring"
    label = "recurring"
