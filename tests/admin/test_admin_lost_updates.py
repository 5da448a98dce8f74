"""Two curators with the same record open."""

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.http import HttpResponse
from django.test import Client
from django.utils.text import capfirst

from documents.models import Document, Participation
from tests.admin.pages import add_row, complaints, logged_in, open_form, saved, send, with_role
from tests.factories import make_collection, make_document, make_person, make_text, make_theme

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(db: None) -> Client:
    """A second editor, by name."""
    user = with_role("Editor")
    user.first_name, user.last_name = "Ana", "Lopes"
    user.save()
    return logged_in(user)


def _stamp(response: HttpResponse) -> str:
    """The value of the box that says: save mine over it."""
    box = re.search(r'<input type="checkbox" name="overwrite" value="([^"]+)"', response.content.decode())
    assert box
    return unescape(box[1])


@pytest.mark.parametrize(
    ("make", "field"),
    [(make_document, "title"), (make_person, "name"), (make_collection, "title"), (make_theme, "title")],
)
def test_the_second_save_is_refused_and_keeps_what_was_typed(
    editor: Client, other: Client, make: Any, field: str
) -> None:
    record = make()
    mine = open_form(editor, record)
    saved(send(other, record, open_form(other, record), **{field: "Theirs"}))
    refused = send(editor, record, mine, **{field: "Mine"})
    assert "Ana Lopes saved this record on" in complaints(refused)
    page = refused.content.decode()
    assert 'value="Mine"' in page
    assert '<dd dir="auto">Theirs</dd>' in page
    record.refresh_from_db()
    assert getattr(record, field) == "Theirs"

    # Sent again as it is, it is refused again; with the box ticked it is saved.
    again = send(editor, record, mine, **{field: "Mine"})
    assert complaints(again)
    saved(send(editor, record, mine, **{field: "Mine", "overwrite": _stamp(again)}))
    record.refresh_from_db()
    assert getattr(record, field) == "Mine"
    entry = LogEntry.objects.filter(object_id=str(record.pk)).latest("pk")
    assert entry.get_change_message() == f"Changed {capfirst(record._meta.get_field(field).verbose_name)}."


def test_the_box_is_good_for_the_version_one_has_looked_at(editor: Client, other: Client) -> None:
    document = make_document()
    mine = open_form(editor, document)
    saved(send(other, document, open_form(other, document), title="Theirs"))
    refused = send(editor, document, mine, title="Mine")
    saved(send(other, document, open_form(other, document), title="Theirs again"))
    assert complaints(send(editor, document, mine, title="Mine", overwrite=_stamp(refused)))
    document.refresh_from_db()
    assert document.title == "Theirs again"


def test_what_was_typed_below_is_kept_as_well(editor: Client, other: Client) -> None:
    document = make_document()
    make_text(document, "transcript", "eng", "As it was.")
    zhou = make_person("Zhou Enlai")
    mine = open_form(editor, document)
    theirs = open_form(other, document)
    theirs["texts-0-DELETE"] = "on"
    saved(send(other, document, theirs))
    mine["texts-0-content"] = "As I corrected it."
    add_row(mine, "participations", person=str(zhou.pk), role="present", order="0")
    refused = send(editor, document, mine)
    assert complaints(refused)
    page = refused.content.decode()
    assert "As I corrected it." in page
    assert "Zhou Enlai" in page


def test_a_change_by_an_import_is_not_written_over_either(editor: Client) -> None:
    document = make_document(summary="Old.")
    mine = open_form(editor, document)
    document.summary = "From a new file."
    document.save()
    refused = send(editor, document, mine, summary="Mine.")
    assert "This record was changed on" in complaints(refused)
    assert "From a new file." in refused.content.decode()


def test_an_action_on_the_list_counts_as_a_newer_version(editor: Client, other: Client) -> None:
    document = make_document()
    mine = open_form(editor, document)
    other.post(
        "/admin/documents/document/", {"action": "back_to_draft", "_selected_action": [str(document.pk)]}
    )
    assert "Ana Lopes" in complaints(send(editor, document, mine))
    assert Document.objects.get().status == "draft"


def test_a_form_without_the_stamp_is_refused(editor: Client) -> None:
    document = make_document()
    fields = open_form(editor, document)
    del fields["seen_changed"]
    assert complaints(send(editor, document, fields, title="Mine"))
    for stamp in ("9999-99-99T00:00:00", "x", "9" * 5000):
        assert complaints(send(editor, document, fields | {"seen_changed": stamp}, title="Mine"))


def test_one_who_saves_twice_is_not_in_her_own_way(editor: Client) -> None:
    document = make_document()
    for title in ("One", "Two"):
        saved(send(editor, document, open_form(editor, document), title=title))
    document.refresh_from_db()
    assert document.title == "Two"


def test_a_row_that_was_added_meanwhile_is_not_added_twice(editor: Client) -> None:
    document, zhou = make_document(), make_person("Zhou Enlai")
    fields = open_form(editor, document)
    # An import adds it and does not touch the document itself.
    Participation.objects.create(document=document, person=zhou, role="present")
    add_row(fields, "participations", person=str(zhou.pk), role="present", order="0")
    assert "added this meanwhile" in complaints(send(editor, document, fields))
    assert document.participations.count() == 1
