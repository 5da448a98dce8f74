from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """What every kind of record has in common. It has no table of its own."""

    name = "records"
