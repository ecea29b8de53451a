from django.apps import AppConfig


class TransferConfig(AppConfig):
    name = "carter.transfer"
    label = "transfer"
