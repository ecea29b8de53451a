from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "carter.billing"
    label = "billing"
