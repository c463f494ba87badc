from __future__ import annotations

from django.urls import path

from web.accounts import views
from web.console.page import page, public

urlpatterns = [
    path("login/", public(GET=views.show_login, POST=views.log_in), name="login"),
    path("logout/", page(None, POST=views.log_out), name="logout"),
    path("konto/", page(None, GET=views.show_account, POST=views.change_account), name="account"),
    path("einstellungen/", page("manage", GET=views.show_settings, POST=views.turn_chat), name="settings"),
    path("konten/", page("manage", GET=views.show_users, POST=views.add_user), name="users"),
    path("konten/<int:user_id>/", page("manage", GET=views.show_user, POST=views.change_user), name="user"),
]
