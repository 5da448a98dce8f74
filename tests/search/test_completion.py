"""Completing what is typed, on the site: what is offered, where it leads, and that nothing hidden ever shows."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from archive_site.collections.models import Collection
from documents.choices import Role, Status
from documents.models import Document
from people.models import Person, VariantName
from search.completion import COMPLETED, KINDS
from search.engines.errors import EngineError
from search.facets import FACETS_BY_NAME
from search.models import OutboxEntry
from search.outbox import drain
from search.rows import ROW_FIELDS
from search.state import SearchState
from tests import factories
from tests.search.holdings import reindex
from tests.search.pages import search as search_page

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]

# What only one document has: what is typed, and what must show while the document is public, and never else.
SECRETS = {
    "person": {
        "qadi": "Qadir Wexler",
        "wex": "Qadir Wexler",
        "Куад": "Векслер Куадир is Qadir Wexler",
        "Векс": "Векслер Куадир is Qadir Wexler",
    },
    "place": {"vlor": "Vlorento"},
    "subject": {"krypt": "Kryptonite, trade in"},
    "archive": {"umbr": "Umbral State Archive", "usa": "USA is Umbral State Archive"},
    "type": {"glyph": "Glyphic note"},
    "collection": {"xeno": "Xenolith Papers"},
    "classification": {"ultra": "Ultraviolet"},
    "language": {"tibet": "Tibetan"},
    "title": {"zyxel": "Zyxel Protocol on Herring", "herr": "Zyxel Protocol on Herring"},
}


@pytest.fixture
def secret(site_engine: str) -> Document:
    factories.make_person("Qadir Wexler", ["Векслер Куадир"])
    document = factories.make_document(
        "Zyxel Protocol on Herring",
        people={Role.PRESENT: ["Qadir Wexler", "Henry Kissinger"]},
        places=["Vlorento"],
        subjects=["Kryptonite, trade in"],
        repository=factories.make_repository("Umbral State Archive", short_name="USA"),
        types=["Glyphic note"],
        collections=["Xenolith Papers"],
        classification="Ultraviolet",
        languages=["tib"],
        date="1961",
    )
    factories.make_document("Open Letter", people={Role.CREATOR: ["Henry Kissinger"]}, languages=["rus"])
    reindex()
    OutboxEntry.objects.all().delete()
    return document


def offered(client, text: str, field: str = "", **rest: str) -> list[dict]:
    asked = {"q": text, "field": field, **rest}
    response = client.get(f"/search/complete/?{urlencode(asked)}")
    assert response.status_code == 200
    return response.json()["suggestions"]


def named(client, text: str, field: str = "", **rest: str) -> list[str]:
    return [line["name"] for line in offered(client, text, field, **rest)]


def leaks(client) -> list[str]:
    """Whatever of the document is offered anywhere: in the row of its field, in any row, in the box of any scope."""
    found = []
    for kind, names in SECRETS.items():
        for typed, text in names.items():
            places = [(kind, {}), ("any", {}), ("", {})]
            places += [("", {"in": scope}) for scope in ("everything", "people", "collections")]
            for field, rest in places:
                lines = offered(client, typed, field, **rest)
                found += [f"{typed} in {field or rest}: {line}" for line in lines if text in line["text"]]
    return found


def test_the_secrets_are_offered_while_they_are_none(client, secret):
    for kind, names in SECRETS.items():
        for typed, text in names.items():
            for field in (kind, ""):
                assert text in [line["text"] for line in offered(client, typed, field)], (typed, field)
    assert {kind for kind in SECRETS if kind != "title"} == set(KINDS)


HIDING = {
    "withdrawn": lambda d: Document.objects.filter(pk=d.pk).update(status=Status.WITHDRAWN),
    "drafted": lambda d: Document.objects.filter(pk=d.pk).update(status=Status.DRAFT),
    "drafted by saving": lambda d: (setattr(d, "status", Status.DRAFT), d.save()),
    "embargoed": lambda d: Document.objects.filter(pk=d.pk).update(
        public_from=timezone.localdate() + timedelta(days=1)
    ),
    "deleted": lambda d: d.delete(),
    "deleted in bulk": lambda d: Document.objects.filter(pk=d.pk).delete(),
}


@pytest.mark.parametrize("hide", HIDING.values(), ids=HIDING)
def test_nothing_of_a_hidden_document_is_offered(client, secret, hide):
    hide(secret)
    assert OutboxEntry.objects.exists(), "the index has heard of it already: this tests nothing"
    assert leaks(client) == []  # the index has not heard of it yet
    assert named(client, "kiss") == ["Henry Kissinger"]
    assert offered(client, "kiss")[0]["detail"] == "1 document"
    drain()
    assert not OutboxEntry.objects.exclude(due_at__gt=timezone.now()).exists()
    assert leaks(client) == []
    reindex()
    assert leaks(client) == []
    assert offered(client, "kiss")[0]["detail"] == "1 document"


@pytest.mark.parametrize("status", [Status.DRAFT, Status.WITHDRAWN])
def test_what_never_was_public_is_not_offered(client, secret, status):
    Document.objects.filter(pk=secret.pk).update(status=status)
    drain()
    factories.make_document("Zyxel Draft", status=status, people={Role.CREATOR: ["Wexford Draft"]})
    assert leaks(client) == []
    assert offered(client, "zyxel") == offered(client, "wexf") == []
    drain()
    assert offered(client, "zyxel") == offered(client, "wexf") == []


def test_names_that_leave_the_public_by_themselves_go_at_once(client, secret):
    Collection.objects.filter(title="Xenolith Papers").update(is_published=False)
    kept = factories.make_person("Kept Name")
    merged = Person.objects.get(name="Qadir Wexler")
    Person.objects.filter(pk=merged.pk).update(merged_into=kept)
    OutboxEntry.objects.all().delete()  # as if nobody had told
    assert named(client, "xeno", "collection") == named(client, "xeno") == []
    assert named(client, "qadi", "person") == named(client, "wex") == []
    assert named(client, "vlor", "place") == ["Vlorento"]


def test_what_the_index_alone_still_has_is_not_offered(client, secret):
    Document.objects.filter(pk=secret.pk).update(status=Status.DRAFT)
    OutboxEntry.objects.all().delete()
    # The collection itself is public.
    assert [leak for leak in leaks(client) if "Xenolith Papers" not in leak] == []


def test_a_name_that_is_taken_back_goes_with_the_next_drain(client, secret):
    VariantName.objects.filter(name="Векслер Куадир").delete()
    drain()
    assert offered(client, "Куад") == []
    assert named(client, "qadi") == ["Qadir Wexler"]
    Person.objects.filter(name="Qadir Wexler").update(name="Ali Wexler")
    drain()
    assert offered(client, "qadi") == []
    assert named(client, "wex") == ["Ali Wexler"]


def test_a_record_without_public_documents_is_not_offered(client, secret):
    factories.make_person("Qadri Unnamed")
    factories.make_place("Vlorberg")
    drain()
    assert named(client, "qad") == ["Qadir Wexler"]
    assert named(client, "vlor") == ["Vlorento"]


# What is offered, and where it leads


@pytest.fixture(scope="module")
def shared_archive(site_engine: str, django_db_setup, django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        for number in range(3):
            factories.make_document(
                f"Talk No. {number} with Mao",
                people={Role.PRESENT: ["Mao Zedong", *(["Zhou Enlai"] if number else [])]},
                places=["Beijing"],
                collections=["Sino-Soviet Relations"],
                date=f"195{number}-03-01",
            )
        for number in range(2):
            factories.make_document(
                "Memorandum of Conversation",
                people={Role.PRESENT: ["Nicolae Ceaușescu"], Role.MENTIONED: ["Mao Zedong"]},
                collections=["Romania"],
                languages=["rum"],
                date=f"197{number}",
            )
        factories.make_document(
            "Note of the Ministry", people={Role.CREATOR: [factories.make_organisation("Maoming Office")]}
        )
        reindex()
        OutboxEntry.objects.all().delete()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def archive(shared_archive: None, db: None) -> None:
    pass


def test_a_name_is_found_in_any_spelling_and_says_what_it_is(client, archive):
    for typed, text in (
        ("mao", "Mao Zedong"),
        ("ZEDO", "Mao Zedong"),
        ("Мао", "Мао Цзэдун is Mao Zedong"),
        ("毛", "毛泽东 is Mao Zedong"),
        ("毛澤", "毛澤東 is Mao Zedong"),
        ("mao tse", "Mao Tse-tung is Mao Zedong"),
        ("Chou En", "Chou En-lai is Zhou Enlai"),
        ("ceau", "Nicolae Ceaușescu"),
        ("CEAUŞ", "Nicolae Ceaușescu"),
    ):
        line = offered(client, typed)[0]
        assert line["text"] == text
        assert text.endswith(line["name"])
    line = offered(client, "毛")[0]
    assert (line["kind"], line["detail"]) == ("Person", "5 documents")
    assert [line["kind"] for line in offered(client, "maom")] == ["Organisation"]


def test_what_is_chosen_leads_to_as_many_documents_as_was_said(client, archive):
    asked = 0
    for typed in ("mao", "zhou", "bei", "sino", "rom", "rum", "memo", "maom"):
        for rest in (
            {},
            {"in": "everything"},
            {"place": "beijing"},
            {"person": "mao-zedong"},
            {"from": "1951"},
        ):
            for line in offered(client, typed, **rest):
                if line["url"]:
                    assert client.get(line["url"]).status_code == 200
                    continue
                # As complete.js does it.
                asked_for = {**rest, "in": "documents"}
                query = urlencode([*asked_for.items(), *map(tuple, line["parameters"])])
                total = client.get(f"/search/?{query}", follow=True).context["page"].total
                documents = "1 document" if total == 1 else f"{total} documents"
                assert line["detail"] == documents, (typed, rest, line)
                asked += 1
    assert asked > 20


def test_a_second_person_is_joined_to_the_first(client, archive):
    (line,) = [line for line in offered(client, "zhou", person="mao-zedong") if line["kind"] == "Person"]
    assert line["parameters"] == [["person", "zhou-enlai"], ["person-match", "all"]]
    assert line["detail"] == "2 documents"


def test_the_box_of_a_scope_offers_what_is_in_it(client, archive):
    assert [(line["name"], line["url"]) for line in offered(client, "mao", **{"in": "people"})] == [
        ("Mao Zedong", "/people/mao-zedong/"),
        ("Maoming Office", "/people/maoming-office/"),
    ]
    (line,) = offered(client, "rom", **{"in": "collections"})
    assert line["url"] == "/collections/romania/"
    within = {"in": "collection:romania"}
    assert [line["detail"] for line in offered(client, "mao", **within)] == ["2 documents"]
    assert offered(client, "zhou", **within) == []


def test_titles_lead_to_their_documents(client, archive):
    lines = offered(client, "talk", **{"in": "documents"})
    assert [line["name"] for line in lines] == [f"Talk No. {number} with Mao" for number in range(3)]
    assert all(line["url"].startswith("/documents/") and line["kind"] == "Document" for line in lines)
    assert [line["detail"] for line in lines] == ["1950-03-01", "1951-03-01", "1952-03-01"]
    (several,) = [line for line in offered(client, "memorandum of conv") if line["kind"] == "Title"]
    assert several["parameters"] == [["f", "and:title:is:Memorandum of Conversation"]]


def test_names_leave_room_for_titles(client, archive):
    lines = offered(client, "mao")
    assert [line["kind"] for line in lines][:2] == ["Person", "Organisation"]
    assert {line["kind"] for line in lines[2:]} == {"Document"}
    assert len(lines) <= 8


def test_a_row_offers_values_of_its_field(client, archive):
    assert named(client, "mao", "person") == ["Mao Zedong", "Maoming Office"]
    assert (
        named(client, "mao", "place") == named(client, "mao", "date") == named(client, "mao", "nothing") == []
    )
    assert named(client, "bei", "place") == ["Beijing"]
    assert named(client, "rom", "collection") == ["Romania"]
    assert named(client, "rom", "language") == ["Romanian"]
    assert named(client, "talk", "title") == [f"Talk No. {number} with Mao" for number in range(3)]
    assert named(client, "rom", "any") == ["Romania", "Romanian"]
    assert all(not line["url"] and not line["parameters"] for line in offered(client, "talk", "title"))
    # A row's value is one of its own: the rest of the search does not narrow it.
    assert named(client, "zhou", "person", place="nowhere") == ["Zhou Enlai"]
    for name in named(client, "mao", "person"):
        assert search_page(client, urlencode({"f": f"and:person:is:{name}"})).context["page"].total


def test_every_kind_is_a_facet_and_a_field_of_a_row():
    assert set(KINDS) <= set(FACETS_BY_NAME)
    assert set(COMPLETED) <= set(ROW_FIELDS)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "m",
        "м",
        '"',
        "-",
        "*",
        "AND",
        "a" * 600,
        "mao" * 200,
        "%",
        "((",
        "毛" * 500,
        "mao zzz",
    ],
)
def test_what_means_nothing_is_answered_with_nothing(client, archive, typed):
    assert offered(client, typed) == []


def test_an_answer_is_small_private_and_costs_two_queries(client, archive):
    for typed in ("mao", "talk", "rom", "m zed"):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(f"/search/complete/?{urlencode({'q': typed, 'in': 'everything'})}")
        assert len(queries) == 2, [query["sql"] for query in queries]
        assert response.headers["Cache-Control"] == "private, max-age=60"
        assert response.headers["Content-Type"] == "application/json"
        assert len(response.content) < 4000
        number = len(response.json()["suggestions"])
        assert response.json()["status"] == (f"{number} suggestions" if number != 1 else "1 suggestion")
    with CaptureQueriesContext(connection) as queries:
        assert offered(client, "m") == []
    assert len(queries) == 0
    assert client.post("/search/complete/?q=mao").status_code == 405


def test_with_the_engine_down_nothing_is_offered_and_nothing_fails(client, archive, monkeypatch):
    from haystack import connections

    def fail(*arguments: object, **options: object) -> None:
        raise EngineError("no answer")

    monkeypatch.setattr(type(connections["default"].get_backend()), "complete", fail)
    assert offered(client, "mao") == offered(client, "mao", "person") == []


def test_without_an_index_nothing_is_offered(client, archive, site_engine, monkeypatch):
    from haystack import connections

    backend = connections["default"].get_backend()
    if site_engine == "sqlite":
        monkeypatch.setattr(backend.file, "path", f"{backend.file.path}.none")
    else:
        monkeypatch.setattr(backend.indices, "alias", f"{backend.indices.alias}-none")
        monkeypatch.setattr(backend, "_live", None)
    assert offered(client, "mao") == []


def test_the_search_as_it_stands_is_read_without_its_words():
    state = SearchState(words="coal", scope="people", sort="title")
    from search.completion import _searched

    assert _searched(state) == SearchState()
    assert _searched(SearchState(words="coal", chosen=(("place", "beijing"),))).words == ""
