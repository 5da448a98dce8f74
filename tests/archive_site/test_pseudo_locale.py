"""Every word of the interface is offered to translators, and numbers and dates are written in the reader's way."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.urls import path
from django.utils import translation

from archive_site import urls as site_urls
from archive_site.views import bad_request, server_error
from documents.choices import Role
from people.choices import NameScheme
from records.templatetags.records_tags import long_date, number
from search.engines.errors import EngineError
from search.engines.sqlite import SQLiteBackend
from search.histogram import Strip
from search.sentence import counted
from tests.factories import (
    make_collection,
    make_curator,
    make_document,
    make_draft,
    make_person,
    make_place,
    make_repository,
    make_scan,
    make_subject,
    make_theme,
    make_timeline_entry,
    make_withdrawn,
)
from tests.pseudo import pseudo_language, untranslated, without_brackets
from tests.search.holdings import reindex

ROOT = Path(__file__).parent.parent.parent
# A citation is in the language of its style.
DATA = "//*[@id='citation'] | //*[contains(@class, 'list-citations')] | //*[@id='share-address'] | //td[.//*[contains(@class, 'query')]]"


@pytest.fixture
def archive(db, settings):
    """An archive whose records are in Greek and Russian letters throughout."""
    settings.SITE_NAME, settings.SITE_STRAPLINE = "Αρχείο", "Έγγραφα"
    settings.SITE_CONTACT = "ΤΘ 12"
    collection = make_collection(
        "Συνομιλίες", featured=True, short_description="Περί συνομιλιών", description="<p>Όλα.</p>"
    )
    make_collection("Μέρος", parent=collection, short_description="Μέρος")
    zhou = make_person(
        "Ζου",
        [("周恩来", "chi", "original"), ("Чжоу", "rus", NameScheme.BGN_PCGN)],
        date="1898-1976",
        biography="<p>Βίος</p>",
        wikidata="Q17410",
    )
    mao = make_person("Μάο", [("毛泽东", "chi", "original")])
    place = make_place("Πεκίνο", make_place("Κίνα"), latitude=39.9, longitude=116.4)
    subject = make_subject("Σύνορα")
    kept_at = make_repository(
        "Αρχείο Μόσχας",
        short_name="ΑΜ",
        city="Μόσχα",
        country="Ρωσία",
        url="https://a.example",
        description="<p>Αρχείο</p>",
    )
    fields = {
        "collections": [collection], "people": {Role.CREATOR: [zhou], Role.ADDRESSEE: [mao]}, "places": [place],
        "subjects": [subject], "types": ["Τηλεγράφημα"], "languages": ["chi"], "repository": kept_at,
        "archival_reference": "ф. 5, оп. 30, д. 116, л. 4", "classification": "Απόρρητο", "source_note": "Πηγή",
        "translator_credit": "Μετάφραση: Άννα", "summary": "Λόγια για τα σύνορα", "transcripts": {"chi": "周恩来\n毛泽东"},
        "translations": {"gre": "Ο πρέσβης\nείπε"}, "withheld": "Μία σελίδα", "declassification_authority": "Υπουργείο",
        "declassification_date": "1995",
    }  # fmt: skip
    found = {"collection": collection, "person": zhou, "place": place, "subject": subject, "archive": kept_at}
    found["document"] = make_document(
        "Σύνορα και ειρήνη", **fields, date="1956-05-06", reference_code="Δ-1", scans=2
    )
    rest = {key: value for key, value in fields.items() if key not in ("transcripts", "translations")}
    for place_in_list, written in enumerate(("1955", "[1956?]", "1955-1957", "", "1956-05-07", "1956-05")):
        make_document(f"Ειρήνη {place_in_list}", date=written, reference_code=f"Δ-1{place_in_list}", **rest)
    attached = make_document(
        "Συνημμένο", date="1956-05-06", attached_to=found["document"], reference_code="Δ-31", **rest
    )
    found["document"].related.add(attached)
    make_scan(attached, caption="Σάρωση")
    found["draft"] = make_draft("Πρόχειρο", date="1956", reference_code="Δ-40", **rest)
    found["embargoed"] = make_document(
        "Αύριο", date="1956", reference_code="Δ-41", public_from="2999-01-01", **rest
    )
    found["withdrawn"] = make_withdrawn("Πίσω", date="1956", reference_code="Δ-42", **rest)
    found["withdrawn"].withdrawal_note = "Πίσω"
    found["withdrawn"].save()
    found["theme"] = make_theme("Δρόμος", [collection], essay="<p>Πώς</p>")
    make_timeline_entry(found["theme"], "Συνθήκη", "1956-05")
    reindex()
    return found


ADDRESSES = (
    "/", "/help/", "/about/", "/search/", "/search/?q=Ειρήνη", "/search/?q=ξψω", "/search/?q=Ειρήνη+ξψω", "/search/?q=%22Ειρήνη+(((",
    "/search/?from=30.2.1956", "/search/?from=1957&to=1955", "/search/?from=1955&to=1956&certain=1", "/search/?undated=1",
    "/search/?in=people&q=Ζου", "/search/?in=collections", "/search/?in=everything&q=Ζου", "/search/?page=99",
    "/search/?q=ειρηνη&person=zoy&person=-mao&language=chi&language=_none&has=scan&has=-translation&person-match=all",
    "/search/?person=ζζζ", "/search/?f=or:title:Ειρήνη&f=not:date:1955&f=and:person:Ζου", "/search/?q=α*+β*+γ*+δ*+ε*+ζ*+η*+θ*+ι*+κ*",
    "/search/?q=Ειρήνη&sort=title&per_page=25", "/search/?q=" + "α" * 600, "/search/?q=ειρηνη&add=1",
    "/search/facet/person/", "/search/facet/person/?find=ζζζ", "/search/facet/language/?by=name", "/search/facet/file/", "/search/facet/place/",
    "/timeline/", "/timeline/?from=1956&to=1956", "/timeline/?undated=1", "/timeline/?q=ξψω", "/timeline/?page=99",
    "/documents/", "/documents/?year=30.2.1956&type=x", "/documents/?has=scan", "/collections/", "/people/", "/people/?letter=Ζ", "/places/", "/places/?by=name",
    "/subjects/", "/archives/", "/languages/", "/types/", "/themes/", "/list/", "/nothing/", "/documents/?page=99", "/list/sheet/", "/list/citations/",
)  # fmt: skip


def missed_in(response):
    return untranslated(response.content.decode(), data=DATA)


def test_every_word_of_a_page_goes_through_gettext(client, archive):
    with pseudo_language():
        missed = {address: missed_in(client.get(address, follow=True)) for address in ADDRESSES}
    assert [f"{address} {words}" for address, found in missed.items() for words in found] == []


def test_every_word_of_the_pages_of_records(client, archive):
    document = archive["document"]
    addresses = [
        record.get_absolute_url() for name, record in archive.items() if name not in ("draft", "embargoed")
    ]
    addresses += [
        f"{document.get_absolute_url()}?s=q%3D%CE%95%CE%B9%CF%81%CE%AE%CE%BD%CE%B7&n=1", f"{document.get_absolute_url()}?v=2000-01-01&style=mla",
        f"{document.get_absolute_url()}similar/", f"{archive['archive'].get_absolute_url()}?file=f-5",
        f"{archive['person'].get_absolute_url()}?with=mao", f"/list/?add={document.record_id}", f"/list/?show={document.record_id}",
    ]  # fmt: skip
    with pseudo_language():
        for address in addresses:
            assert missed_in(client.get(address, follow=True)) == [], address
    client.force_login(make_curator("αννα"))
    with pseudo_language():
        for name in ("draft", "embargoed", "withdrawn", "document"):
            assert missed_in(client.get(archive[name].get_absolute_url())) == [], name


def test_every_word_of_refusals(client, archive, monkeypatch):
    def refuse(_request):
        raise PermissionDenied

    monkeypatch.setattr(site_urls, "urlpatterns", [*site_urls.urlpatterns, path("refused/", refuse)])
    with pseudo_language():
        assert missed_in(client.post("/help/")) == [], "405"
        assert missed_in(client.get("/search/?q=" + "a" * 8000)) == [], "414"
        assert missed_in(client.get("/refused/")) == [], "403"


def test_every_word_of_the_bare_pages(rf):
    with pseudo_language("ar"):
        for response in (server_error(rf.get("/")), bad_request(rf.get("/"), BadRequest())):
            assert 'lang="ar" dir="rtl"' in response.content.decode()
            assert missed_in(response) == []


def test_every_word_while_the_engine_is_down(client, archive, monkeypatch):
    def fail(*_args, **_rest):
        raise EngineError("down")

    for name in ("search", "run", "ask"):
        if hasattr(SQLiteBackend, name):
            monkeypatch.setattr(SQLiteBackend, name, fail)
    with pseudo_language():
        for address in (
            "/",
            "/search/?q=Ειρήνη",
            "/timeline/",
            "/search/facet/person/",
            archive["document"].get_absolute_url(),
        ):
            assert missed_in(client.get(address)) == [], address


def test_the_check_itself_finds_what_is_missed():
    page = """<html><head><title>⟦Home⟧ · Α</title><meta name="description" content="Left out"></head><body>
        <p>⟦A <a href="/">link</a> within⟧ Α</p><p>⟦Good⟧ bad</p><img alt="Map"><input placeholder="⟦Words⟧" aria-label="Find">
        <button data-done="Copied it" data-page="Page {page}">⟦Copy⟧</button><ul><li>one</li></ul><p>RIS 12</p><script>let it = "be"</script></body></html>"""
    assert untranslated(page) == [
        "meta[content]: Left out", "img[alt]: Map", "input[aria-label]: Find", "button[data-done]: Copied it",
        "button[data-page]: Page {page}", "p: ⟦Good⟧ bad", "li: one",
    ]  # fmt: skip
    assert without_brackets("a⟦b⟦c⟧d⟧e").split() == ["a", "e"]


# ---- scripts ----

_SHOWN = re.compile(
    r"""(?:\.(?:textContent|innerText|innerHTML|title|placeholder|alt|ariaLabel)\s*=(?!=)
        |setAttribute\(\s*["'](?:aria-label|title|placeholder|alt)["']\s*,|\b(?:alert|confirm)\()(?P<value>[^;\n]*)""",
    re.VERBOSE,
)
_LITERAL = re.compile(r'"[^"\n]*"|\'[^\'\n]*\'|`[^`]*`')


def shown_literals(script: str) -> list[str]:
    """Words that a script shows as they stand in it; a page's own words come from its data attributes."""
    return [
        shown[0]
        for shown in _SHOWN.finditer(script)
        for literal in _LITERAL.findall(shown["value"])
        if re.search(r"[A-Za-z]{2,}", re.sub(r"\$\{[^}]*\}", "", literal))
    ]


@pytest.mark.parametrize("script", sorted((ROOT / "static").glob("*/*.js")), ids=lambda each: each.name)
def test_no_script_has_words_of_its_own(script):
    assert shown_literals(script.read_text("utf-8")) == []


def test_words_in_scripts_are_found():
    assert (
        len(
            shown_literals(
                'a.textContent = "Copied"; b.setAttribute("aria-label", `Page ${n}`); c.title = words.done;'
            )
        )
        == 2
    )


# ---- numbers and dates ----


def test_numbers_and_dates_are_written_in_the_readers_way():
    for language, thousands, day in (("de", "1.234.567", "6. Mai 1956"), ("en", "1,234,567", "May 6, 1956")):
        with pseudo_language(language):
            assert number(1234567) == thousands
            assert long_date(date(1956, 5, 6)) == day


@pytest.mark.parametrize("language", ["es", "fr", "hi", "de", "en"])
@pytest.mark.parametrize("value", [1234, 16702, 1234567])
def test_sentences_write_numbers_as_pages_do(language, value):
    with translation.override(language):
        assert number(value) in counted(value, "documents")
        assert number(value) in Strip("year", undated=value).undated_sentence
