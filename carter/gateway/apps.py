from django.apps import AppConfig


class GatewayConfig(AppConfig):
    name = "carter.gateway"
    label = "gateway"
