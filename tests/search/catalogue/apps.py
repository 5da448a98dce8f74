from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "tests.search.catalogue"
    label = "catalogue"
