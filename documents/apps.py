from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "documents"
    verbose_name = _("Documents")

    def ready(self) -> None:
        # Here, not above: it needs the models.
        from documents import page_images
        from search import background

        background.register("page images", page_images.work)
