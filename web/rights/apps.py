from django.apps import AppConfig


class RightsConfig(AppConfig):
    name = "web.rights"
    label = "rights"
