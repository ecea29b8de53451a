from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "carter.customers"
    label = "customers"
