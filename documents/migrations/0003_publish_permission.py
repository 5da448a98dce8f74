"""The permission to decide what the public sees."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_languages")]
    operations = [
        migrations.AlterModelOptions(
            name="document",
            options={
                "ordering": ("-record_id",),
                "permissions": (
                    ("publish_document", "Can decide what the public sees: publish and withdraw"),
                ),
                "verbose_name": "document",
                "verbose_name_plural": "documents",
            },
        ),
    ]
