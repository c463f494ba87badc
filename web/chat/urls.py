from django.urls import path, re_path

from web.chat import views

urlpatterns = [
    path("widget", views.widget_view),
    path("conversations", views.conversations_view),
    path("conversation", views.conversation_view),
    path("messages", views.messages_view),
    path("messages/<int:seq>/feedback", views.feedback_view),
    path("events", views.events_view),
    path("transcript", views.transcript_view),
    re_path("", views.unknown_view),
]
