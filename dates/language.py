"""Translation that also works where Django is absent or has no settings: the sentence is then left in English."""

import sys


def settings_are_ready() -> bool:
    """True inside a configured Django project; never imports Django itself."""
    conf = sys.modules.get("django.conf")
    return conf is not None and bool(conf.settings.configured)


def gettext(message: str) -> str:
    """The message in the language that is active, or as it stands."""
    if not settings_are_ready():
        return message
    from django.utils.translation import gettext as django_gettext

    return django_gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    """The singular or the plural for this number, in the language that is active."""
    if not settings_are_ready():
        return singular if number == 1 else plural
    from django.utils.translation import ngettext as django_ngettext

    return django_ngettext(singular, plural, number)


def active_language() -> str:
    """The language code that is active, such as "de" or "zh-hans"; English outside Django."""
    if not settings_are_ready():
        return "en"
    from django.utils.translation import get_language

    return get_language() or "en"
