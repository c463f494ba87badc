from django.apps import AppConfig


class HandoffConfig(AppConfig):
    name = "web.handoff"
    label = "handoff"
