from django.apps import AppConfig


class CompaniesConfig(AppConfig):
    name = "carter.companies"
    label = "companies"
