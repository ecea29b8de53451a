from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "carter.matching"
    label = "matching"
