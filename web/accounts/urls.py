from __future__ import annotations

from django.urls import path

from web.accounts import views
from web.console.page import page, public

urlpatterns = [
    path("login/", public(GET=views.show_login, POST=views.log_in), name="login"),
    path("logout/", page(None, POST=views.log_out), name="logout"),
    path("konto/", page(None, GET=views.show_account, POST=views.change_account), name="account"),
    path("einstellungen/", page("manage", GET=views.show_settings), name="settings"),
    path("einstellungen/chat/", page("manage", GET=views.ask_switch, POST=views.turn_chat), name="switch"),
    path("konten/", page("manage", GET=views.show_users, POST=views.add_user), name="users"),
    path("konten/<int:user_id>/", page("manage", GET=views.show_user, POST=views.change_user), name="user"),
    path(
        "konten/<int:user_id>/passwort/",
        page("manage", GET=views.ask_password, POST=views.renew_password),
        name="user_password",
    ),
    path("konten/<int:user_id>/schliessen/", page("manage", GET=views.ask_close, POST=views.close_user), name="user_close"),
]
