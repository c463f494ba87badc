from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("handoff", "0001_initial")]

    operations = [migrations.RenameField("presence", "seen_at", "there_until")]
