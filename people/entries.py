"""People as lines of a list."""

from django.utils.text import Truncator

from people.models import Person
from records.entries import Entry
from records.html import paragraphs


def entry_of(person: Person) -> Entry:
    """The person's line. Ask for people with ``with_names()``: nothing is fetched here."""
    biography = paragraphs(person.biography)
    return Entry.of_dated(
        person,
        url=person.get_absolute_url(),
        title=person.name,
        summary=Truncator(biography[0]).chars(300) if biography else "",
        note=person.name_in_original_script,
    )
