from django.apps import AppConfig


class EditingConfig(AppConfig):
    name = "web.editing"
    label = "editing"
