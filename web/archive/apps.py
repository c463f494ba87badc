from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "web.archive"
    label = "archive"
