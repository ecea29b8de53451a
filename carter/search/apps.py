from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "carter.search"
    label = "search"
