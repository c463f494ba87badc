from django.apps import AppConfig


class InquiriesConfig(AppConfig):
    name = "web.inquiries"
    label = "inquiries"
