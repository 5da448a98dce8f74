"""Who may do what, and what the actions do."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from documents.choices import Status, TextKind
from documents.models import Document, RecordCounter, Scan, Text
from documents.numbers import RecordCounter as Counter
from search.models import OutboxEntry
from tests.admin.pages import address, logged_in, open_form, saved, send
from tests.factories import (
    make_collection,
    make_document,
    make_draft,
    make_person,
    make_scan,
    make_subject,
    make_text,
    make_theme,
    make_user,
    make_withdrawn,
    take_part,
)

pytestmark = pytest.mark.django_db


def act(client: Client, action: str, *documents: Document, follow: bool = True, **more: str) -> HttpResponse:
    chosen = {"action": action, ACTION_CHECKBOX_NAME: [str(document.pk) for document in documents], **more}
    return client.post(address(Document, "changelist"), chosen, follow=follow)


def said(response: HttpResponse) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def test_the_roles_are_there_and_making_them_again_changes_nothing() -> None:
    before = {
        group.name: set(group.permissions.values_list("pk", flat=True)) for group in Group.objects.all()
    }
    assert {"Curator", "Editor"} <= set(before)
    import_module("themes.migrations.0002_roles").make_roles(apps, None)
    after = {group.name: set(group.permissions.values_list("pk", flat=True)) for group in Group.objects.all()}
    assert after == before
    assert before["Curator"] < before["Editor"]


def test_what_sets_an_editor_apart() -> None:
    curator, editor = (
        set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))
        for name in ("Curator", "Editor")
    )
    assert "publish_document" in editor - curator
    assert all(name.startswith("delete_") for name in editor - curator - {"publish_document"})
    assert {"add_document", "change_document", "change_text", "add_person", "change_subject"} <= curator
    assert not any(name.endswith(("_user", "_group", "_permission")) for name in editor)


def test_publish_says_how_many_and_keeps_embargoes(editor: Client) -> None:
    draft = make_draft()
    later = make_draft(public_from=timezone.localdate() + timedelta(days=7))
    already = make_document()
    withdrawn = make_withdrawn()
    first = withdrawn.first_published
    response = act(editor, "publish", draft, later, already, withdrawn)
    assert "Published 2 documents." in said(response)
    assert "1 document is published and stays hidden" in said(response)
    assert "1 was published already." in said(response)
    for document in (draft, later, withdrawn):
        document.refresh_from_db()
        assert document.status == Status.PUBLISHED
        assert document.first_published is not None
    assert withdrawn.first_published == first
    assert set(Document.objects.public()) == {draft, already, withdrawn}
    assert LogEntry.objects.filter(object_id=str(draft.pk)).get().get_change_message() == "Published."


def test_publish_tells_the_index(editor: Client) -> None:
    draft = make_draft()
    OutboxEntry.objects.all().delete()
    act(editor, "publish", draft)
    assert OutboxEntry.objects.filter(object_pk=str(draft.pk)).exists()


def test_withdraw_asks_for_a_note_and_keeps_it(editor: Client) -> None:
    public, draft = make_document("In public"), make_draft("In the drawer")
    asked = act(editor, "withdraw", public, draft)
    page = asked.content.decode()
    assert "In public" in page
    assert "1 of those chosen is not published" in page
    public.refresh_from_db()
    assert public.status == Status.PUBLISHED

    empty = act(editor, "withdraw", public, draft, note="  ")
    assert "Say in a sentence why" in empty.content.decode()

    done = act(editor, "withdraw", public, draft, note="A double of record 7.")
    assert "Withdrew 1 document." in said(done)
    assert "1 was not published and was left." in said(done)
    public.refresh_from_db()
    draft.refresh_from_db()
    assert (public.status, public.withdrawal_note) == (Status.WITHDRAWN, "A double of record 7.")
    assert draft.status == Status.DRAFT
    assert "A double of record 7." in LogEntry.objects.get(object_id=str(public.pk)).get_change_message()


def test_withdraw_of_drafts_alone_has_nothing_to_ask(editor: Client) -> None:
    page = act(editor, "withdraw", make_draft()).content.decode()
    assert "nothing to withdraw" in page
    assert 'name="note"' not in page


def test_back_to_draft(editor: Client) -> None:
    public, draft = make_document(), make_draft()
    response = act(editor, "back_to_draft", public, draft)
    assert "1 document is a draft again" in said(response)
    assert "1 was a draft already." in said(response)
    public.refresh_from_db()
    assert public.status == Status.DRAFT


def test_more_records_than_a_query_takes_are_published(editor: Client, monkeypatch) -> None:
    monkeypatch.setattr("documents.admin.actions._AT_ONCE", 3)
    drafts = [make_draft() for _number in range(7)]
    assert "Published 7 documents." in said(act(editor, "publish", *drafts))
    assert Document.objects.public().count() == 7
    assert LogEntry.objects.count() == 7


def test_a_curator_describes_but_does_not_decide_what_is_public(curator: Client) -> None:
    draft = make_draft()
    page = curator.get(address(Document, "changelist")).content.decode()
    for action in ("publish", "withdraw", "back_to_draft", "delete_never_public", "delete_selected"):
        assert f'value="{action}"' not in page
    act(curator, "publish", draft)
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT

    fields = open_form(curator, draft)
    assert "status" not in fields
    saved(
        send(
            curator, draft, fields, title="A better title", status=Status.PUBLISHED, public_from="2000-01-01"
        )
    )
    draft.refresh_from_db()
    assert (draft.title, draft.status, draft.public_from) == ("A better title", Status.DRAFT, None)
    assert curator.post(address(draft, "delete"), {"post": "yes"}).status_code == 403


def test_a_curator_corrects_what_is_public_but_takes_nothing_away(curator: Client, editor: Client) -> None:
    public, draft = make_document(), make_draft()
    for document in (public, draft):
        make_text(document, "transcript", "eng", "A word.")
        make_scan(document)
        take_part(document, f"Somebody of {document.pk}")
    for client, document, texts_left in ((curator, public, 1), (curator, draft, 0), (editor, public, 0)):
        fields = open_form(client, document)
        for prefix in ("texts", "scans"):
            fields[f"{prefix}-0-DELETE"] = "on"
        saved(send(client, document, fields, title="Corrected"))
        document.refresh_from_db()
        assert document.title == "Corrected"
        assert Text.objects.filter(document=document).count() == texts_left
        assert Scan.objects.filter(document=document).count() == texts_left


def test_collections_and_themes_are_published_by_editors(curator: Client, editor: Client) -> None:
    for record in (make_collection(is_published=False), make_theme(is_published=False)):
        fields = open_form(curator, record)
        assert "is_published" not in fields
        saved(send(curator, record, fields, is_published="on"))
        record.refresh_from_db()
        assert not record.is_published
        saved(send(editor, record, open_form(editor, record), is_published="on"))
        record.refresh_from_db()
        assert record.is_published


def test_what_was_public_is_not_deleted(editor: Client) -> None:
    public, withdrawn, draft = make_document(), make_withdrawn(), make_draft()
    for document in (public, withdrawn):
        response = editor.post(address(document, "delete"), {"post": "yes"}, follow=True)
        assert "withdraw it instead" in said(response)
        page = editor.get(address(document)).content.decode()
        assert 'class="deletelink"' not in page
        assert "withdraw it instead of deleting it" in page
    assert 'class="deletelink"' in editor.get(address(draft)).content.decode()

    asked = act(editor, "delete_never_public", public, withdrawn, draft)
    assert "2 documents were published once and stay" in said(asked)
    act(editor, "delete_never_public", public, withdrawn, draft, post="yes")
    assert set(Document.objects.all()) == {public, withdrawn}


def test_what_stands_in_the_way_of_deleting_is_named_in_few_queries(editor: Client) -> None:
    person = make_person("Zhou Enlai")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page = editor.get(address(person, "delete"))
        assert len(page.context["protected"]) == person.participations.count()
        return len(queries)

    take_part(make_document(), person)
    few = asked()
    for _each in range(9):
        take_part(make_document(), person)
    assert asked() == few


def test_a_record_that_others_need_is_not_deleted(editor: Client) -> None:
    document = make_document()
    person = take_part(document, "Zhou Enlai").person
    page = editor.post(address(person, "delete"), {"post": "yes"})
    assert page.status_code == 200
    assert page.context["protected"] == [f"{document.record_id} · {document.title}: Zhou Enlai (Mentioned)"]
    person.refresh_from_db()
    subject = make_subject("Coal")
    assert editor.post(address(subject, "delete"), {"post": "yes"}).status_code == 302


def test_staff_without_a_role_and_readers_see_nothing(client: Client) -> None:
    document = make_document()
    staff = logged_in(make_user(is_staff=True))
    assert staff.get(address(document)).status_code == 403
    reader = logged_in(make_user())
    assert reader.get(address(document)).status_code == 302
    assert client.get(address(document)).status_code == 302


def test_the_outbox_is_only_looked_at_and_the_counter_not_at_all(
    editor: Client, admin_client: Client
) -> None:
    entry = OutboxEntry.objects.create(model_label="documents.document", object_pk="1")
    for client in (editor, admin_client):
        assert client.get(address(OutboxEntry, "changelist")).status_code == 200
        assert client.get(address(OutboxEntry, "add")).status_code == 403
        assert client.post(address(entry), {"attempts": "7"}).status_code == 403
        assert client.post(address(entry, "delete"), {"post": "yes"}).status_code == 403
    assert RecordCounter is Counter
    assert "recordcounter" not in admin_client.get(reverse("admin:index")).content.decode()


def test_languages_are_the_standard_s(curator: Client, admin_client: Client) -> None:
    from documents.models import Language

    chinese = Language.objects.get(code="chi")
    for client in (curator, admin_client):
        assert client.get(address(Language, "changelist")).status_code == 200
        page = client.get(address(chinese))
        assert page.status_code == 200
        assert "chi" in page.content.decode()
        assert client.get(address(Language, "add")).status_code == 403


def test_what_is_deleted_along_is_told_without_rows_of_tables(editor: Client) -> None:
    draft = make_draft()
    draft.subjects.add(make_subject("Bandung Conference"))
    make_text(draft, TextKind.TRANSCRIPT, "eng", "Text.")
    page = editor.get(reverse("admin:documents_document_delete", args=[draft.pk])).content.decode()
    assert "Transcript, English" in page
    assert "relationship" not in page
    assert "object (" not in page
    chosen = {"action": "delete_never_public", "_selected_action": [draft.pk]}
    page = editor.post(reverse("admin:documents_document_changelist"), chosen).content.decode()
    assert "Transcript, English" in page
    assert "relationship" not in page
