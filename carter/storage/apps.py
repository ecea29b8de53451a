from django.apps import AppConfig


class StorageConfig(AppConfig):
    name = "carter.storage"
    label = "storage"
