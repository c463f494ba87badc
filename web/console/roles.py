"""Roles, what each may do, and the permissions that pages ask for."""

from __future__ import annotations

from typing import Literal, get_args

#: Codes of `accounts.models.Right`.
Permission = Literal["read", "answer", "review", "edit", "suggest", "export", "manage"]
PERMISSIONS: tuple[Permission, ...] = get_args(Permission)

#: The groups of Django's users, made by the migration of `web.accounts`.
ROLES: dict[str, tuple[Permission, ...]] = {
    "Beratung": ("read", "answer", "review"),
    "Redaktion": ("read", "answer", "review", "edit", "suggest", "export"),
    "Leitung": PERMISSIONS,
}
