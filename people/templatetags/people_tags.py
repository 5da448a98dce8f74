"""What templates that name people need."""

from django import template

from people.choices import NameScheme
from people.models import Person, VariantName

register = template.Library()


@register.filter
def own_script(person: Person) -> VariantName | None:
    """The name in its own script, to stand beside the authorised one; it must have been prefetched."""
    return next((name for name in person.variant_names.all() if name.scheme == NameScheme.ORIGINAL), None)
