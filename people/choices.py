from django.db import models
from django.utils.translation import gettext_lazy as _


class PersonKind(models.TextChoices):
    PERSON = "person", _("Person")
    ORGANISATION = "organisation", _("Organisation")


class NameScheme(models.TextChoices):
    """How a name came to be spelled so."""

    ORIGINAL = "original", _("Original script")
    PINYIN = "pinyin", _("Pinyin")
    WADE_GILES = "wade-giles", _("Wade-Giles")
    POSTAL = "postal", _("Older Western spelling")
    BGN_PCGN = "bgn-pcgn", _("BGN/PCGN")
    ALA_LC = "ala-lc", _("ALA-LC")
    HEPBURN = "hepburn", _("Hepburn")
    MCCUNE_REISCHAUER = "mccune-reischauer", _("McCune-Reischauer")
    REVISED = "revised", _("Revised Romanization")
    PSEUDONYM = "pseudonym", _("Pseudonym or code name")
    OTHER = "other", _("Other")
