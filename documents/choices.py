from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Role(models.TextChoices):
    """What a participant has to do with the document."""

    CREATOR = "creator", _("Creator")
    ADDRESSEE = "addressee", _("Addressee")
    PRESENT = "present", _("Present")
    MENTIONED = "mentioned", _("Mentioned")
    CONTRIBUTOR = "contributor", _("Contributor")


class TextKind(models.TextChoices):
    TRANSCRIPT = "transcript", _("Transcript")
    TRANSLATION = "translation", _("Translation")


class Direction(models.TextChoices):
    """How a text runs. Automatic: by its language and script."""

    AUTOMATIC = "", _("By the language")
    LEFT_TO_RIGHT = "ltr", _("Left to right")
    RIGHT_TO_LEFT = "rtl", _("Right to left")
