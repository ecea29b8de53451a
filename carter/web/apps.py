from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "carter.web"
    label = "web"
