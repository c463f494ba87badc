from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "web.console"
    label = "console"
