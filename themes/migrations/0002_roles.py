"""The roles Curator and Editor.

It stands in this app because themes come last in the order of imports and so know
every kind of record. A role that an installation has already keeps what it was given.
"""

from django.db import migrations

# Records, and the parts of records that are edited on their pages.
_RECORDS = (
    ("documents", "document"),
    ("people", "person"),
    ("collections", "collection"),
    ("themes", "theme"),
    ("documents", "place"),
    ("documents", "subject"),
    ("documents", "repository"),
    ("documents", "publisher"),
    ("documents", "donor"),
    ("documents", "right"),
    ("documents", "documenttype"),
    ("documents", "classification"),
)
_PARTS = (
    ("documents", "participation"),
    ("documents", "text"),
    ("documents", "scan"),
    ("people", "variantname"),
    ("themes", "timelineentry"),
)
_TO_LOOK_AT = (("documents", "language"), ("search", "outboxentry"))


def _permissions(apps, pairs, actions):
    """The permissions themselves. On a fresh database nobody has made them yet: Django does so after all migrations."""
    content_type = apps.get_model("contenttypes", "ContentType")
    permission = apps.get_model("auth", "Permission")
    found = []
    for app_label, model in pairs:
        kind, _created = content_type.objects.get_or_create(app_label=app_label, model=model)
        name = apps.get_model(app_label, model)._meta.verbose_name
        for action in actions:
            made, _created = permission.objects.get_or_create(
                content_type=kind, codename=f"{action}_{model}", defaults={"name": f"Can {action} {name}"}
            )
            found.append(made)
    return found


def make_roles(apps, schema_editor):
    group = apps.get_model("auth", "Group")
    content_type = apps.get_model("contenttypes", "ContentType")
    permission = apps.get_model("auth", "Permission")
    documents, _created = content_type.objects.get_or_create(app_label="documents", model="document")
    publish, _created = permission.objects.get_or_create(
        content_type=documents,
        codename="publish_document",
        defaults={"name": "Can decide what the public sees: publish and withdraw"},
    )
    shared = [
        *_permissions(apps, _RECORDS, ("view", "add", "change")),
        *_permissions(apps, _PARTS, ("view", "add", "change", "delete")),
        *_permissions(apps, _TO_LOOK_AT, ("view",)),
    ]
    curator, _created = group.objects.get_or_create(name="Curator")
    curator.permissions.add(*shared)
    editor, _created = group.objects.get_or_create(name="Editor")
    editor.permissions.add(*shared, *_permissions(apps, _RECORDS, ("delete",)), publish)


class Migration(migrations.Migration):
    dependencies = [
        ("themes", "0001_initial"),
        ("documents", "0003_publish_permission"),
        ("people", "0001_initial"),
        ("collections", "0001_initial"),
        ("search", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    # Going back leaves the roles: people may have been given them.
    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
