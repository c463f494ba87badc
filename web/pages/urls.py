from django.urls import path

from web.pages import views

urlpatterns = [
    path("", views.start, name="start"),
    path("fragen/", views.questions, name="questions"),
    path("fragen/<slug:topic_id>/", views.question, name="question"),
    path("frage/", views.ask, name="ask"),
    path("antwort/", views.answer, name="answer"),
    path("datenschutz/", views.privacy, name="privacy"),
    path("barrierefreiheit/", views.accessibility, name="accessibility"),
]
