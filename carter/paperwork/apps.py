from django.apps import AppConfig


class PaperworkConfig(AppConfig):
    name = "carter.paperwork"
    label = "paperwork"
