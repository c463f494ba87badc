from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField("profile", "rings", models.BooleanField(default=False, verbose_name="Ton bei neuen Anfragen")),
    ]
