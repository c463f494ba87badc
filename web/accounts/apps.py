from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "web.accounts"
    label = "accounts"

    def ready(self) -> None:
        post_migrate.connect(_make_roles, sender=self)


def _make_roles(using: str, **more: Any) -> None:
    """The roles as groups of Django's users. After each migration, as that is when Django makes the permissions."""
    from django.contrib.auth.models import Group, Permission

    from web.console.roles import ROLES

    permissions = Permission.objects.using(using).filter(content_type__app_label="accounts", content_type__model="right")
    by_code = {permission.codename: permission for permission in permissions}
    for name, codes in ROLES.items():
        group, _ = Group.objects.using(using).get_or_create(name=name)
        group.permissions.set([by_code[code] for code in codes])
