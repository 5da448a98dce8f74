"""The admin's page of the state of the index, on both engines."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from documents.models import Document
from search import admin
from search.engines.errors import EngineError, SearchTimeoutError
from search.models import OutboxEntry
from search.outbox import drain
from tests import factories
from tests.admin.pages import logged_in, with_role
from tests.pseudo import CLOSE, OPEN, pseudo_language
from tests.search import truth
from tests.search.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


@pytest.fixture(autouse=True)
def engine(site_engine: str) -> str:
    truth.backend().clear()
    return site_engine


def page(client: Client, *, compare: bool = False) -> str:
    response = client.get(reverse("admin:search_index_state"), {"compare": "1"} if compare else {})
    assert response.status_code == 200
    return text_of(response)


def test_the_page_shows_engine_records_and_outbox(curator: Client, engine: str) -> None:
    factories.make_full_document()
    truth.start_true()
    shown = page(curator)
    assert "Index in order" in shown
    assert ("Elasticsearch 9." if engine == "elasticsearch" else "SQLite 3.") in shown
    assert ("Health green" in shown) == (engine == "elasticsearch")
    assert "Records in the index 5 " in shown
    assert "wait in the outbox 0 " in shown
    OutboxEntry.objects.create(
        model_label="documents.document", object_pk="1", due_at=timezone.now() - timedelta(seconds=900)
    )
    shown = page(curator)
    assert "wait in the outbox 1 " in shown
    assert "The oldest has waited 900 seconds" in shown or "The oldest has waited 901 seconds" in shown


def test_the_page_names_what_cannot_be_indexed_with_the_reason(curator: Client) -> None:
    truth.start_true()
    _good, bad = factories.make_document(), factories.make_document()
    Document.objects.filter(pk=bad.pk).update(record_id=None)  # it has no address
    drain()
    address = reverse("admin:documents_document_change", args=[bad.pk])
    shown = page(curator)
    assert "Records that cannot be indexed 1 " in shown
    assert re.search(rf"documents\.document\.{bad.pk} .* 1 NoReverseMatch: Reverse for 'document'", shown)
    assert address in curator.get(reverse("admin:search_index_state")).content.decode()
    assert "The oldest has waited 0 seconds" in shown, "it waits to be tried again, and nobody is late"
    assert "is right about the rest of 2 records" in page(curator, compare=True)
    OutboxEntry.objects.update(model_label="gone.thing")
    assert f"gone.thing.{bad.pk}" in page(curator), "of an app that is gone"


def test_the_page_names_what_check_index_names(curator: Client) -> None:
    missing, stale, hidden, gone = (factories.make_document() for _each in range(4))
    truth.start_true()
    assert "The index is right about all 4 records." in page(curator, compare=True)
    truth.backend().remove(missing)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE documents_document SET title = 'Other' WHERE id = %s", [stale.pk])
        cursor.execute("UPDATE documents_document SET status = 'draft' WHERE id = %s", [hidden.pk])
    label = f"documents.document.{gone.pk}"
    gone.delete()
    OutboxEntry.objects.all().delete()
    shown = page(curator, compare=True)
    for what, identifier in (
        ("Missing", f"documents.document.{missing.pk}"),
        ("Out of date", f"documents.document.{stale.pk}"),
        ("In the index, and not public", f"documents.document.{hidden.pk}"),
        ("In the index, without a record", label),
    ):
        assert f"{what} {identifier}" in shown


def test_a_comparison_that_takes_too_long_is_left_to_the_command(curator: Client, monkeypatch) -> None:
    factories.make_document()
    truth.start_true()
    monkeypatch.setattr(admin, "_COMPARING_SECONDS", -1.0)
    shown = page(curator, compare=True)
    assert "run `manage.py check_index`" in shown
    assert "is right about" not in shown


def test_with_the_engine_down_the_page_still_tells_of_the_outbox(curator: Client, monkeypatch) -> None:
    def down() -> None:
        raise SearchTimeoutError("no answer from somewhere.example")

    monkeypatch.setattr(truth.backend(), "status", down)
    shown = page(curator, compare=True)
    assert "does not answer" in shown
    assert "somewhere.example" not in shown
    assert "wait in the outbox 0 " in shown


def test_what_is_the_matter_goes_through_gettext(curator: Client, monkeypatch) -> None:
    backend = truth.backend()
    told = {**backend.status(), "outdated": True}
    answers: list[Exception | dict] = [kind("no") for kind in _kinds(EngineError)]
    for answer in [*answers, told, {**told, "exists": False}]:

        def status(answer: Exception | dict = answer) -> dict:
            if isinstance(answer, Exception):
                raise answer
            return answer

        monkeypatch.setattr(backend, "status", status)
        with pseudo_language():
            assert re.search(rf"{CLOSE}\. {OPEN}The(re is no)? search [^{OPEN}]*{CLOSE}", page(curator)), (
                answer
            )


def _kinds(kind: type[EngineError]) -> list[type[EngineError]]:
    """The kinds of errors that say something of themselves."""
    below = [each for sub in kind.__subclasses__() for each in _kinds(sub)]
    return [kind, *below] if "said" in vars(kind) else below


def test_the_list_of_the_outbox_leads_to_the_page_for_those_who_may_see_it(curator: Client) -> None:
    address = reverse("admin:search_index_state")
    assert address in curator.get(reverse("admin:search_outboxentry_changelist")).content.decode()
    user = with_role("Curator")
    user.groups.clear()
    user.user_permissions.set(Permission.objects.filter(codename="view_document"))
    assert logged_in(user).get(address).status_code == 403
    assert Client().get(address).status_code == 302
