from __future__ import annotations

from django.urls import path

from web.console.page import page
from web.rights import views

urlpatterns = [
    path("", page("manage", GET=views.show, POST=views.set_periods), name="rights"),
    path("nummer/", page("manage", GET=views.show_subject, POST=views.delete_subject), name="subject"),
    path("auskunft/<str:form>/", page("manage", POST=views.hand_over), name="hand_over"),
    path("gelesen/", page("manage", GET=views.show_readings), name="readings"),
]
