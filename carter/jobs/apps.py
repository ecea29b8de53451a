from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "carter.jobs"
    label = "jobs"
