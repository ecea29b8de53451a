from django.apps import AppConfig


class MergingConfig(AppConfig):
    name = "carter.merging"
    label = "merging"
