"""Fill the table of languages from ISO 639-2."""

from django.db import migrations

from records.languages import language_codes


def fill(apps, schema_editor):
    language = apps.get_model("documents", "Language")
    language.objects.bulk_create(
        [language(code=code, name=name) for code, name in language_codes().items()], ignore_conflicts=True
    )


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
