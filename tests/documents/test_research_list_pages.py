"""The pages of the research list: its forms without scripts, what is not public any more, caches, and bad input."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from documents.choices import Status
from documents.models import Document
from documents.research_list import LIMIT
from documents.research_list_store import COOKIE
from tests.documents.markup import elements
from tests.factories import (
    make_curator,
    make_document,
    make_draft,
    make_full_document,
    make_many_documents,
    make_text,
    make_withdrawn,
)
from tests.search.holdings import reindex
from tests.search.pages import links_of, text_of

pytestmark = pytest.mark.django_db
OURS = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def reader() -> Client:
    """A reader's browser, as far as the server sees it."""
    return Client(headers=OURS, enforce_csrf_checks=True)


@pytest.fixture
def documents() -> list[Document]:
    return [make_document(f"Talks of {year}", date=str(year)) for year in (1972, 1950, 1961)]


def press(client: Client, name: str, value: object, **fields: str):
    return client.post("/list/", {name: str(value), **fields})


def fill(client: Client, documents: list[Document]) -> None:
    for document in documents:
        assert press(client, "add", document.record_id).status_code == 302


def titles(response) -> list[str]:
    html = response.content.decode()
    return [unescape(each) for each in re.findall(r'class="entry-title"[^>]*>(?:<a [^>]*>)?([^<]+)', html)]


def test_an_empty_list_says_how_to_fill_it(reader):
    response = reader.get("/list/")
    assert "There is nothing in your list yet." in text_of(response)
    assert "/search/?in=documents" in links_of(response)
    assert not response.cookies


def test_documents_stand_in_the_readers_order(reader, documents):
    fill(reader, documents)
    response = reader.get("/list/")
    assert titles(response) == ["Talks of 1972", "Talks of 1950", "Talks of 1961"]
    assert "My list (3" in text_of(response)


def test_moving_sorting_and_taking_back(reader, documents):
    first, _second, third = documents
    fill(reader, documents)
    response = press(reader, "up", third.record_id)
    assert response["Location"] == f"/list/?said=moved&n={third.record_id}#record-{third.record_id}"
    assert "Number 2 of 3 now: Talks of 1961" in text_of(reader.get(response["Location"]))
    press(reader, "top", third.record_id)
    press(reader, "down", first.record_id)
    assert titles(reader.get("/list/")) == ["Talks of 1961", "Talks of 1950", "Talks of 1972"]
    press(reader, "sort", "date")
    page = reader.get("/list/")
    assert titles(page) == ["Talks of 1950", "Talks of 1961", "Talks of 1972"]
    press(reader, "undo", page.context["kept"].version)
    assert titles(reader.get("/list/")) == ["Talks of 1961", "Talks of 1950", "Talks of 1972"]


def test_what_was_removed_can_be_brought_back_from_the_page(reader, documents):
    fill(reader, documents)
    press(reader, "remove", documents[1].record_id)
    page = reader.get("/list/")
    assert titles(page) == ["Talks of 1972", "Talks of 1961"]
    assert "Removed: Talks of 1950" in text_of(page)
    (undo,) = [each for tag, each in elements(page) if tag == "button" and each.get("name") == "undo"]
    press(reader, "undo", undo["value"])
    assert titles(reader.get("/list/")) == ["Talks of 1972", "Talks of 1950", "Talks of 1961"]


def test_a_form_goes_back_to_the_page_it_was_on(reader, documents):
    number = documents[0].record_id
    assert (
        press(reader, "add", number, next="/search/?q=talks")["Location"]
        == f"/search/?q=talks#record-{number}"
    )


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", ""]
)
def test_a_form_leads_to_no_other_site(reader, documents, address):
    assert press(reader, "add", documents[0].record_id, next=address)["Location"].startswith(
        "/list/?said=added"
    )


def test_every_line_and_the_documents_page_have_the_button(reader):
    document = make_full_document("Talks on the Islands", collections=["Talks"])
    reindex()
    number = document.record_id
    pages = ("/documents/", "/search/?q=islands", "/timeline/", "/collections/talks/", "/people/zhou-enlai/")
    for page in (*pages, document.get_absolute_url()):
        (button,) = [each for tag, each in elements(reader.get(page)) if each.get("class") == "keep"]
        assert (button["name"], button["value"], button["form"]) == ("add", str(number), "list-form"), page
    press(reader, "add", number)
    for page in (*pages, document.get_absolute_url()):
        response = reader.get(page)
        (button,) = [each for tag, each in elements(response) if each.get("class") == "keep is-kept"]
        assert (button["name"], button["value"]) == ("remove", str(number)), page
        assert "My list (1 document )" in text_of(response)


def test_notes_are_kept_with_any_button_and_shown_as_written(reader, documents):
    fill(reader, documents)
    first, second, third = (each.record_id for each in documents)
    press(
        reader,
        "up",
        third,
        **{f"note-{first}": "<script>alert(1)</script>\r\nsee p. 3", f"note-{second}": ""},
    )
    page = reader.get("/list/")
    assert page.context["kept"].notes == {first: "<script>alert(1)</script>\nsee p. 3", third: "", second: ""}
    assert "<script>alert" not in page.content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>see p. 3" in page.content.decode()


def test_a_note_saved_as_it_stood_is_said_to_be_kept(reader, documents):
    """The script of the page leaves out the notes that were not changed."""
    fill(reader, documents)
    first = documents[0].record_id
    press(reader, "save", first, **{f"note-{first}": "see p. 3"})
    response = press(reader, "save", first)
    assert "The notes are kept." in text_of(reader.get(response["Location"]))
    assert reader.get("/list/").context["kept"].notes[first] == "see p. 3"


def test_a_page_that_was_open_before_loses_no_note_of_another_tab(reader, documents):
    fill(reader, documents)
    first, second = (each.record_id for each in documents[:2])
    here = {each["name"]: each["value"] for tag, each in elements(reader.get("/list/")) if tag == "input"}
    press(reader, "save", first, **{f"note-{first}": "of the other tab"})
    seen = {name: here[name] for name in (f"seen-{first}", f"seen-{second}")}
    press(reader, "up", second, **{f"note-{first}": "", f"note-{second}": "of this tab"}, **seen)
    notes = reader.get("/list/").context["kept"].notes
    assert (notes[first], notes[second]) == ("of the other tab", "of this tab")


def test_two_tabs_change_one_list(reader, documents):
    fill(reader, documents[:1])
    other = Client(headers=OURS)
    other.cookies = reader.cookies
    press(reader, "add", documents[1].record_id)
    press(other, "add", documents[2].record_id)
    press(reader, "remove", documents[0].record_id)
    assert titles(reader.get("/list/")) == ["Talks of 1950", "Talks of 1961"]


def test_taking_back_what_another_tab_changed_since_is_refused_in_words(reader, documents):
    fill(reader, documents)
    press(reader, "remove", documents[0].record_id)
    offered = reader.get("/list/").context["kept"].version
    press(reader, "remove", documents[1].record_id)
    response = press(reader, "undo", offered)
    assert response["Location"] == "/list/?said=stale"
    assert titles(reader.get("/list/")) == ["Talks of 1961"]


def test_clearing_leaves_nothing_behind(reader, documents):
    fill(reader, documents)
    assert Session.objects.count() == 1
    response = press(reader, "clear", 1)
    assert Session.objects.count() == 0
    assert response.cookies[COOKIE].value == ""
    assert "My list is cleared. Nothing of it is kept here." in text_of(reader.get(response["Location"]))


def test_the_last_one_removed_can_still_be_brought_back(reader, documents):
    fill(reader, documents[:1])
    press(reader, "remove", documents[0].record_id)
    page = reader.get("/list/")
    assert "There is nothing in your list yet." in text_of(page)
    press(reader, "undo", page.context["kept"].version)
    assert titles(reader.get("/list/")) == ["Talks of 1972"]


# What may not be shown


def hide(document: Document, how: str) -> None:
    if how == "deleted":
        document.delete()
        return
    changes = {
        "withdrawn": {"status": Status.WITHDRAWN},
        "draft": {"status": Status.DRAFT},
        "embargoed": {"public_from": timezone.localdate() + timedelta(days=1)},
    }
    Document.objects.filter(pk=document.pk).update(**changes[how])


@pytest.mark.parametrize("how", ["withdrawn", "draft", "embargoed", "deleted"])
def test_what_is_no_longer_public_is_named_by_its_number_alone(reader, documents, how):
    number = documents[1].record_id
    fill(reader, documents)
    press(reader, "save", 1, **{f"note-{number}": "my own words"})
    hide(documents[1], how)
    page = reader.get("/list/")
    assert f"One document is no longer public (record {number})" in text_of(page)
    assert "my own words" in text_of(page)
    citations = "\n".join(
        text_of(reader.get(address))
        for address in ("/list/citations/", "/list/citations.txt", "/list/sheet/?texts=1")
    )
    assert f"One document is no longer public (record {number})" in citations
    for text in (text_of(page), citations, text_of(press_json(reader, "remove", number))):
        assert "1950" not in text
    assert "1950" not in text_of(reader.get("/list/"))


def press_json(client: Client, name: str, value: object):
    return client.post("/list/", {name: str(value)}, headers={"accept": "application/json"})


@pytest.mark.parametrize("make", [make_draft, make_withdrawn, None])
def test_what_may_not_be_seen_is_added_like_what_is_not_there(reader, make):
    number = make("Secret Talks").record_id if make else 987654
    response = press(reader, "add", number)
    assert response["Location"] == "/list/?said=unknown"
    assert not response.cookies
    told = press_json(reader, "add", number)
    assert told.status_code == 409
    assert told.json()["said"] == "There is no such document here; nothing was added."
    assert "Secret" not in told.content.decode()
    assert Session.objects.count() == 0


def test_a_curators_draft_is_on_the_page_of_the_curator_and_nowhere_else(reader):
    draft = make_draft("Secret Talks")
    reader.force_login(make_curator())
    press(reader, "add", draft.record_id)
    assert titles(reader.get("/list/")) == ["Secret Talks"]
    for address in ("/list/citations/", "/list/sheet/?texts=1"):
        assert "Secret" not in text_of(reader.get(address))
    del reader.cookies["sessionid"]
    assert "Secret" not in text_of(reader.get("/list/"))
    assert f"(record {draft.record_id})" in text_of(reader.get("/list/"))


# A list that an address carries


def test_a_list_is_sent_by_its_address(reader, documents):
    fill(reader, documents)
    address = reader.get("/list/").context["share_address"]
    assert address.startswith("http://testserver/list/?d=")
    other = Client(headers=OURS)
    page = other.get(address)
    assert "A list of 3 documents" in text_of(page)
    assert titles(page) == ["Talks of 1972", "Talks of 1950", "Talks of 1961"]
    assert not page.cookies
    (take,) = [each["value"] for tag, each in elements(page) if each.get("name") == "take"]
    press(other, "take", take)
    assert titles(other.get("/list/")) == ["Talks of 1972", "Talks of 1950", "Talks of 1961"]


def test_a_list_that_is_taken_goes_behind_ones_own_and_out_again(reader, documents):
    first, second, third = documents
    fill(reader, [third])
    press(reader, "take", f"{third.record_id},{second.record_id},{first.record_id}")
    page = reader.get("/list/")
    assert titles(page) == ["Talks of 1961", "Talks of 1950", "Talks of 1972"]
    press(reader, "undo", page.context["kept"].version)
    assert titles(reader.get("/list/")) == ["Talks of 1961"]


def test_what_a_sent_list_may_not_show_is_told_alike(reader, documents):
    draft = make_draft("Secret Talks")
    page = reader.get(f"/list/?d={documents[0].record_id},{draft.record_id},987654")
    assert titles(page) == ["Talks of 1972"]
    assert "2 documents of this list cannot be shown" in text_of(page)
    assert "Secret" not in text_of(page)


@pytest.mark.parametrize(
    "query", ["", "x", "<script>", "1,2,3", "%00", "-1", "9" * 400, ",".join(["7"] * 900), "٣"]
)
@pytest.mark.parametrize("page", ["", "citations/", "citations.txt", "sheet/", "export.csv", "export.ris"])
def test_hostile_addresses_give_a_page(reader, documents, page, query):
    assert reader.get(f"/list/{page}?d={query}&cite=<b>&order=x&texts=2").status_code == 200


def test_an_address_of_a_thousand_documents_shows_the_first_two_hundred(reader):
    make_many_documents(LIMIT + 5)
    numbers = Document.objects.order_by("pk").values_list("record_id", flat=True)
    page = reader.get(f"/list/?d={','.join(map(str, numbers))}")
    assert len(titles(page)) == LIMIT
    assert "these are the first 200" in text_of(page)


def test_a_full_list_says_so(reader):
    make_many_documents(LIMIT + 1)
    *numbers, last = Document.objects.order_by("pk").values_list("record_id", flat=True)
    press(reader, "take", ",".join(map(str, numbers)))
    response = press(reader, "add", last, next="/documents/")
    assert "it takes 200 documents" in text_of(reader.get(response["Location"]))
    assert press_json(reader, "add", last).status_code == 409


@pytest.mark.parametrize(
    "form",
    [{}, {"nothing": "1"}, {"up": "x"}, {"add": "9" * 5000}, {"undo": "x"}, {"remove": "-1"}, {"take": "<>"}],
)
def test_forms_that_say_nothing_change_nothing(reader, documents, form):
    fill(reader, documents)
    response = reader.post("/list/", form)
    assert response.status_code == 302
    assert reader.get(response["Location"]).status_code == 200
    assert len(titles(reader.get("/list/"))) == 3


def test_a_thousand_notes_of_a_million_characters(reader, documents):
    fill(reader, documents)
    notes = {f"note-{number}": "x" * 1000 for number in range(1000)}
    notes[f"note-{documents[0].record_id}"] = "y" * 1_000_000
    assert press(reader, "save", 1, **notes).status_code == 302
    assert {len(note) for note in reader.get("/list/").context["kept"].notes.values()} == {500}


# Whose it is


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"referer": "https://evil.example/list/"},
        {"referer": "http://[/"},
    ],
)
def test_a_form_of_another_site_is_refused(documents, headers):
    client = Client(headers=headers)
    response = press(client, "add", documents[0].record_id)
    assert response.status_code == 403
    assert not response.cookies
    assert Session.objects.count() == 0


@pytest.mark.parametrize(
    "headers", [{"origin": "http://testserver"}, {"referer": "http://testserver/search/"}]
)
def test_a_form_of_this_site_is_taken_from_browsers_that_say_less(documents, headers):
    assert press(Client(headers=headers), "add", documents[0].record_id).status_code == 302


def test_an_origin_that_the_site_trusts_is_its_own(documents, settings):
    settings.CSRF_TRUSTED_ORIGINS = ["https://archive.example"]
    client = Client(headers={"origin": "https://archive.example"})
    assert press(client, "add", documents[0].record_id).status_code == 302


def test_the_cookie_says_nothing_and_no_script_reads_it(reader, documents):
    cookie = press(reader, "add", documents[0].record_id).cookies[COOKIE]
    assert re.fullmatch("[0-9a-z]{32}", cookie.value)
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert cookie["max-age"] == 365 * 24 * 60 * 60
    assert set(reader.cookies) == {COOKIE}


@pytest.mark.parametrize("key", ["", "x", "a" * 32, "A" * 32, "../../etc/passwd", '"\\000"', "a" * 5000])
def test_a_key_that_is_none_opens_nothing(documents, key):
    client = Client(headers=OURS)
    client.cookies[COOKIE] = key
    assert "There is nothing in your list yet." in text_of(client.get("/list/"))
    response = press(client, "add", documents[0].record_id)
    # Nobody can make another's browser use a list of theirs that they know the key of.
    assert response.cookies[COOKIE].value != key


def test_the_list_is_apart_from_logging_in_and_out(documents):
    reader = Client(headers=OURS)
    fill(reader, documents)
    reader.force_login(make_curator())
    assert len(titles(reader.get("/list/"))) == 3
    assert reader.post("/admin/logout/").status_code == 200
    assert len(titles(reader.get("/list/"))) == 3


def test_a_session_of_somebody_who_logged_in_is_no_list(reader, documents):
    reader.force_login(make_curator())
    key = reader.cookies["sessionid"].value
    reader.cookies[COOKIE] = key
    assert "nothing in your list yet" in text_of(reader.get("/list/"))


def test_the_key_of_a_list_logs_nobody_in(reader, documents):
    fill(reader, documents)
    key = reader.cookies[COOKIE].value
    other = Client()
    other.cookies["sessionid"] = key
    assert other.get("/admin/").status_code == 302


def test_a_list_goes_a_year_after_its_last_change(reader, documents):
    fill(reader, documents)
    (row,) = Session.objects.all()
    assert timedelta(days=364) < row.expire_date - timezone.now() <= timedelta(days=365)
    call_command("clearsessions")
    assert Session.objects.count() == 1
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert "nothing in your list yet" in text_of(reader.get("/list/"))
    call_command("clearsessions")
    assert Session.objects.count() == 0


@pytest.mark.parametrize("path", ["/", "/documents/", "/help/", "/list/"])
def test_no_cache_hands_a_readers_page_to_another(reader, documents, path):
    before = reader.get(path)
    assert not before.cookies
    assert "Cookie" in before["Vary"]
    fill(reader, documents)
    after = reader.get(path)
    assert "Cookie" in after["Vary"]
    assert "private" in after["Cache-Control"]


def test_nothing_of_the_list_is_kept_by_an_etag(reader, documents):
    page = reader.get("/documents/")
    fill(reader, documents)
    again = reader.get("/documents/", headers={"if-none-match": page.get("ETag", '"none"')})
    assert again.status_code == 200


# What it costs


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    "address", ["/list/", "/list/citations/", "/list/sheet/?texts=1", "/list/citations.txt?cite=mla"]
)
def test_the_number_of_queries_does_not_grow(reader, address):
    few = [make_full_document(f"Talks {number}") for number in range(2)]
    fill(reader, few)
    before = queries(reader, address)
    fill(reader, [make_full_document(f"More {number}") for number in range(8)])
    assert queries(reader, address) == before


def test_a_page_asks_once_more_for_a_list_and_not_at_all_without(reader, documents):
    without = queries(reader, "/documents/")
    fill(reader, documents[:1])
    assert queries(reader, "/documents/") == without + 1


# Citations and the sheet


def test_all_are_cited_in_the_style_and_order_asked_for(reader):
    fill(reader, [make_document(title, people={"creator": [name]}) for title, name in
                  (("Talks", "Zhou Enlai"), ("Letter", "Mao Zedong"))])  # fmt: skip
    page = text_of(reader.get("/list/citations/?cite=apa"))
    assert page.index("Zhou") < page.index("Mao")
    page = text_of(reader.get("/list/citations/?cite=apa&order=az"))
    assert page.index("Mao") < page.index("Zhou")
    links = links_of(reader.get("/list/citations/?cite=apa&order=az"))
    assert "/list/citations.txt?cite=apa&order=az" in links
    assert "?cite=mla&order=az" in links


def test_citations_as_a_text_have_no_markup(reader):
    fill(reader, [make_document("Talks & <b>More</b>")])
    response = reader.get("/list/citations.txt?cite=mla")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert "attachment" in response["Content-Disposition"]
    text = response.content.decode()
    assert "Talks & <b>More</b>" in text
    assert "<i>" not in text
    assert "&amp;" not in text


def test_the_sheet_has_notes_and_citations_and_texts_if_they_are_wanted(reader):
    document = make_full_document("Talks on the Islands")
    fill(reader, [document])
    press(reader, "save", 1, **{f"note-{document.record_id}": "my own words"})
    plain = text_of(reader.get("/list/sheet/"))
    assert "my own words" in plain
    assert "“Talks on the Islands,”" in plain
    assert "They spoke of the treaty" not in plain
    whole = text_of(reader.get("/list/sheet/?texts=1&notes=0"))
    assert "They spoke of the treaty" in whole
    assert "毛泽东会见苏联大使" in whole
    assert "my own words" not in whole


def test_a_text_too_long_for_the_sheet_is_said_to_be(reader, monkeypatch):
    document = make_document("Long Talks")
    make_text(document, "translation", "eng", content="word " * 100)
    make_text(document, "transcript", "rus", content="слово")
    monkeypatch.setattr("documents.research_list_sheet.CHARACTERS_AT_MOST", 50)
    fill(reader, [document])
    text = text_of(reader.get("/list/sheet/?texts=1"))
    assert "слово" in text
    assert "word word" not in text
    assert "Not on this sheet" in text
