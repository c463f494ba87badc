import django.utils.timezone
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def since_they_came(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model('inquiries', 'Inquiry').objects.update(open_since=models.F('at'))


class Migration(migrations.Migration):

    dependencies = [
        ('inquiries', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='inquiry',
            name='open_since',
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.RunPython(since_they_came, migrations.RunPython.noop),
    ]
