"""A document as CSL-JSON, in the styles, and what its page tells of it to people and machines."""

import json
import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.utils import timezone

from documents import styles
from documents.choices import Role
from documents.citation import csl_item, name_of, translators
from documents.metadata import meta_tags
from documents.models import Document
from documents.styles import STYLES, formatted
from tests.factories import (
    make_collection,
    make_document,
    make_full_document,
    make_organisation,
    make_person,
    make_repository,
)

pytestmark = pytest.mark.django_db
ADDRESS = "https://archive.example/document/7?version=2026-11-20"
DAY = date(2026, 11, 22)


def item_of(**fields) -> dict:
    document = make_document(**{"title": "Talks", "date": "October 18, 1956", **fields})
    return csl_item(document, ADDRESS, DAY)


def cited(style: str, **fields) -> str:
    html = formatted(item_of(**fields), STYLES[style])
    return unescape(re.sub(r"</?i>", "", html))


# CSL-JSON


def test_everything_that_is_cited_stands_in_the_item():
    archive = make_repository(
        "Archive of Foreign Policy", short_name="AVPRF", city="Moscow", country="Russia"
    )
    item = item_of(
        record_id=7,
        title="Talks on the Islands",
        repository=archive,
        archival_reference="f. 052, op. 8, d. 12",
        collections=["Sino-Japanese Relations"],
        languages=["rus"],
        types=["Telegram"],
        people={
            Role.CREATOR: [make_person("Nikolai Roshchin", (), sort_name="Roshchin, Nikolai")],
            Role.ADDRESSEE: ["Mao Zedong"],
        },
        translator_credit="Translated by Stephen Mercado.",
        summary="They argue.",
    )
    note = item.pop("note")
    assert item == {
        "id": "record-7",
        "type": "manuscript",
        "title": "Talks on the Islands",
        "author": [{"family": "Roshchin", "given": "Nikolai"}],
        "issued": {"date-parts": [[1956, 10, 18]]},
        "genre": "Telegram",
        "archive": "AVPRF",
        "archive-place": "Moscow, Russia",
        "archive_location": "f. 052, op. 8, d. 12",
        "collection-title": "Sino-Japanese Relations",
        "translator": [{"literal": "Stephen Mercado"}],
        "publisher": "Digital Archive",
        "source": "Digital Archive",
        "URL": ADDRESS,
        "accessed": {"date-parts": [[2026, 11, 22]]},
        "language": "ru",
        "abstract": "They argue.",
    }
    assert re.fullmatch(r"Digital Archive, record 7, version of \d{4}-\d\d-\d\d\.", note)


@pytest.mark.parametrize(
    ("written", "issued"),
    [
        ("October 18, 1956", {"date-parts": [[1956, 10, 18]]}),
        ("September, 1972", {"date-parts": [[1972, 9]]}),
        ("1955", {"date-parts": [[1955]]}),
        ("circa 1955", {"date-parts": [[1955]], "circa": True}),
        ("1955-1957", {"date-parts": [[1955], [1957]]}),
        ("circa 1955-1957", {"date-parts": [[1955], [1957]], "circa": True}),
        ("spring 1968", {"date-parts": [[1968]], "season": 1}),
        ("winter 1968", {"date-parts": [[1968]], "season": 4}),
        # What CSL has no numbers for is said in words.
        ("1956?", {"literal": "1956?"}),
        ("[1956?]", {"literal": "[1956?]"}),
        ("[1956]", {"literal": "[1956]"}),
        ("before 1949", {"literal": "1948 or earlier"}),
        ("1950s", {"literal": "1950s"}),
        ("1955 or 1956", {"literal": "1955 or 1956"}),
        ("", None),
        ("n.d.", None),
    ],
)
def test_dates_are_in_numbers_where_csl_can_say_them(written, issued):
    assert item_of(date=written).get("issued") == issued


def test_a_date_that_could_not_be_read_stands_as_it_is_written():
    document = make_document("Talks", date="")
    document.keep_date_unread("5/6 of the year")
    assert csl_item(document, ADDRESS, DAY)["issued"] == {"literal": "5/6 of the year"}


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        (
            {"name": "Nikita Khrushchev", "sort_name": "Khrushchev, Nikita"},
            {"family": "Khrushchev", "given": "Nikita"},
        ),
        (
            {"name": "Alexander Haig, Jr.", "sort_name": "Haig, Alexander, Jr."},
            {"family": "Haig", "given": "Alexander", "suffix": "Jr."},
        ),
        ({"name": "Zhou Enlai", "sort_name": "Zhou Enlai"}, {"literal": "Zhou Enlai"}),
        ({"name": "毛泽东"}, {"literal": "毛泽东"}),
    ],
)
def test_names_are_parted_where_the_sort_name_parts_them(fields, name):
    assert name_of(make_person(variants=(), **fields)) == name


def test_an_organisation_is_never_parted():
    ministry = make_organisation("Ministry of Foreign Affairs", sort_name="Foreign Affairs, Ministry of")
    assert name_of(ministry) == {"literal": "Ministry of Foreign Affairs"}


@pytest.mark.parametrize(
    ("credit", "names"),
    [
        ("Translated by Stephen Mercado.", ["Stephen Mercado"]),
        ("translated for NKIDP by Jae-Jung Suh and Li Hua", ["Jae-Jung Suh", "Li Hua"]),
        ("Translation by Anna, Ben, and Carl van der Berg", ["Anna", "Ben", "Carl van der Berg"]),
        ("Translated by 李华", ["李华"]),
        ("Translated by Yang Yang, revised by Zhao Han", []),
        ("Translated for this software", []),
        ("Stephen Mercado", []),
        ("", []),
    ],
)
def test_translators_are_named_where_it_is_sure_who_they_are(credit, names):
    assert [name["literal"] for name in translators(credit)] == names


def test_a_credit_without_a_name_is_kept_in_the_note():
    assert item_of(translator_credit="Translated for this software")["note"].endswith(
        " Translated for this software."
    )


def test_an_archive_that_its_shelfmark_begins_with_is_named_once():
    archive = make_repository("National Archives", short_name="NARA")
    item = item_of(repository=archive, archival_reference="NARA RG 59, box 3")
    assert (item["archive"], item["archive_location"]) == ("NARA", "RG 59, box 3")
    other = csl_item(make_document(repository=archive, archival_reference="NARAFOND 7"), ADDRESS, DAY)
    assert other["archive_location"] == "NARAFOND 7"


def test_a_collection_that_is_not_published_is_not_named():
    hidden = make_collection("Still Secret", is_published=False)
    assert "collection-title" not in item_of(collections=[hidden])


# The styles


FULL = {
    "title": "Talks on the Islands",
    "archival_reference": "f. 052, op. 8, d. 12",
    "types": ["Telegram"],
    "collections": ["Sino-Japanese Relations"],
    "translator_credit": "Translated by Stephen Mercado.",
}


def full(style: str) -> str:
    archive = make_repository("Archive of Foreign Policy", short_name="AVPRF")
    author = make_person("Nikolai Roshchin", (), sort_name="Roshchin, Nikolai")
    return cited(style, repository=archive, people={Role.CREATOR: [author]}, **FULL)


def test_chicago_note():
    assert full("chicago-note") == (
        "Nikolai Roshchin, “Talks on the Islands,” Telegram, trans. Stephen Mercado, Sino-Japanese Relations, "
        "Digital Archive, October 18, 1956, f. 052, op. 8, d. 12, AVPRF, accessed November 22, 2026, "
        f"{ADDRESS}."
    )


def test_chicago_bibliography():
    assert full("chicago") == (
        "Roshchin, Nikolai. “Talks on the Islands.” Telegram. Translated by Stephen Mercado. "
        "Sino-Japanese Relations. Digital Archive, October 18, 1956. F. 052, op. 8, d. 12. AVPRF. "
        f"Accessed November 22, 2026. {ADDRESS}."
    )


def test_mla():
    assert full("mla") == (
        "Roshchin, Nikolai. “Talks on the Islands.” Telegram. Translated by Stephen Mercado, Digital Archive, "
        f"18 Oct. 1956, AVPRF, f. 052, op. 8, d. 12, {ADDRESS}. Sino-Japanese Relations."
    )


def test_apa():
    assert full("apa") == (
        "Roshchin, N. (1956). Talks on the Islands (Stephen Mercado, Trans.) [Telegram]. Digital Archive. "
        f"AVPRF (f. 052, op. 8, d. 12). {ADDRESS}"
    )


@pytest.mark.parametrize("style", STYLES)
def test_a_title_that_stands_for_the_author_is_said_once(style):
    assert cited(style).count("Talks") == 1


@pytest.mark.parametrize("style", ["chicago", "mla", "apa"])
@pytest.mark.parametrize("title", ["What Next?", "Talks."])
def test_titles_end_with_one_mark(style, title):
    assert not re.search(r"[?.][”]?[.]", cited(style, title=title).replace("...", ""))


def test_a_title_in_two_lines_is_cited_in_one():
    assert item_of(title="Talks  on\nPeace")["title"] == "Talks on Peace"


def test_a_stop_that_is_part_of_a_word_stays_in_the_title():
    assert item_of(title="Meeting, 4:30 p.m.")["title"] == "Meeting, 4:30 p.m."
    assert "“Meeting, 4:30 p.m.,” " in cited("chicago-note", title="Meeting, 4:30 p.m.")
    assert "“Talks in the U.S.S.R.” " in cited("chicago", title="Talks in the U.S.S.R.")


def test_straight_quotation_marks_nest_too():
    assert cited("chicago", title='On "Friends."').startswith("“On ‘Friends.’” ")


@pytest.mark.parametrize(
    ("style", "written", "printed"),
    [
        ("chicago-note", "May 6-8, 1946", ", May 6–8, 1946,"),
        ("chicago-note", "May 6-June 8, 1946", ", May 6–June 8, 1946,"),
        ("chicago-note", "December 30, 1955-January 2, 1956", ", December 30, 1955–January 2, 1956,"),
        ("chicago-note", "May-June 1946", ", May–June 1946,"),
        ("mla", "May 6-8, 1946", ", 6–8 May 1946,"),
        ("mla", "May 6-June 8, 1946", ", 6 May–8 June 1946,"),
        ("apa", "May 6-8, 1946", "(1946)"),
        ("apa", "December 30, 1955-January 2, 1956", "(1955–1956)"),
    ],
)
def test_a_range_of_days_or_months_says_once_what_is_common(style, written, printed):
    assert printed in cited(style, date=written)


@pytest.mark.parametrize("style", STYLES)
def test_a_type_that_is_the_whole_title_is_named_once(style):
    same = cited(style, title="Memorandum of Conversation", types=["Memorandum of conversation"])
    assert same.lower().count("memorandum of conversation") == 1
    longer = cited(style, title="Telegram 793", types=["Telegram"])
    assert longer.count("Telegram") == 2


@pytest.mark.parametrize(
    ("written", "printed"),
    [("circa 1955", "[1955?]"), ("circa May 1955", "[May 1955?]"), ("circa 1955-1957", "[1955–1957?]")],
)
def test_a_rough_date_stands_between_commas_in_a_note(written, printed):
    note = cited("chicago-note", types=["Telegram"], date=written)
    assert f"Telegram, Digital Archive, {printed}, " in note


def test_a_date_in_doubt_ends_its_sentence():
    assert "May 1955? " in cited("chicago", date="May 1955?", archival_reference="f. 5")


def test_parts_of_a_name_are_each_in_their_place():
    beethoven = make_person("Ludwig van Beethoven", (), sort_name="Beethoven, Ludwig van")
    haig = make_person("Alexander Haig, Jr.", (), sort_name="Haig, Alexander, Jr.")
    people = {Role.CREATOR: [beethoven, haig]}
    assert cited("apa", people=people).startswith("Beethoven, L. van, & Haig, A., Jr. (1956)")
    assert cited("chicago", people=people).startswith("Beethoven, Ludwig van, and Alexander Haig Jr. ")


@pytest.mark.parametrize(
    ("style", "beginning"),
    [
        ("chicago-note", "Charles H. Bonesteel and Martin Luther King Jr., “Talks,”"),
        ("chicago", "Bonesteel, Charles H., and Martin Luther King Jr. “Talks.”"),
        ("mla", "Bonesteel, Charles H., and Martin Luther King Jr. "),
        ("apa", "Bonesteel, C. H., & King, M. L., Jr. (1956)"),
    ],
)
def test_ranks_services_and_years_of_life_are_not_cited(style, beginning):
    bonesteel = make_person("Charles Bonesteel", (), sort_name="Bonesteel, General Charles H., USA")
    king = make_person("Martin Luther King", (), sort_name="King, Martin Luther, Jr., 1929-1968")
    cited_so = cited(style, title="Talks", people={Role.CREATOR: [bonesteel, king]})
    assert cited_so.startswith(beginning)


def test_the_tags_of_the_page_name_authors_as_they_are_cited():
    bonesteel = make_person("Charles Bonesteel", (), sort_name="Bonesteel, General Charles H., USA")
    ministry = make_organisation("Ministry of Trade", sort_name="Trade, Ministry of")
    document = make_document("Talks", people={Role.CREATOR: [bonesteel, ministry]})
    for tag in ("citation_author", "DC.creator"):
        named = [content for name, content in meta_tags(document, ADDRESS) if name == tag]
        assert named == ["Bonesteel, Charles H.", "Ministry of Trade"]


def test_quotation_marks_in_a_title_nest_and_its_own_commas_stay():
    assert cited("chicago-note", title="On “Friends”, and Others").startswith("“On ‘Friends’, and Others,” ")


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("spring 1968", "spring 1968"),
        ("[1956?]", "[1956?]"),
        ("1955-1957", "1955–1957"),
        ("before 1949", "1948 or earlier"),
    ],
)
@pytest.mark.parametrize("style", STYLES)
def test_every_style_prints_the_date_whole(style, written, printed):
    assert printed.casefold() in cited(style, date=written).casefold()


def test_a_document_without_a_date_says_so():
    assert "n.d." in cited("chicago-note", date="")
    assert "(n.d.)" in cited("apa", date="")


@pytest.mark.parametrize("style", STYLES)
def test_a_title_of_unknown_language_keeps_its_small_letters(style):
    assert "Gespräch mit dem Botschafter" in cited(style, title="Gespräch mit dem Botschafter")


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    "title", ["<script>alert(1)</script>", "a & b <i>c</i>", "\ue000\ue001\ue002 marks", "“", "\ue001"]
)
def test_nothing_of_a_record_is_markup(style, title):
    html = formatted(item_of(title=title), STYLES[style])
    assert "<" not in re.sub(r"</?i>", "", html)
    assert html.count("<i>") == html.count("</i>") <= 2
    assert not re.search("[\ue000-\ue002]", html)


# The page


def page(client, document, query=""):
    return client.get(f"{document.get_absolute_url()}{query}")


def box_of(response) -> str:
    return re.search(r'<section class="panel cite".*?</section>', response.content.decode(), re.DOTALL)[0]


def test_the_box_shows_the_style_that_is_asked_for(client):
    document = make_full_document("Talks", record_id=7)
    box = box_of(page(client, document, "?cite=apa"))
    assert "(1946). <i>Talks</i>" in box
    assert re.search(r'href="\?cite=apa#cite"[^>]*aria-current="true"', box)


@pytest.mark.parametrize("query", ["", "?cite=", "?cite=../../etc/passwd", "?cite=%00", "?cite=mla&cite=x"])
def test_any_other_style_is_the_usual_one(client, query):
    box = box_of(page(client, make_full_document("Talks"), query))
    assert "Zhou Enlai, “Talks,” Telegram, Sino-Japanese Relations, Digital Archive, May 6, 1946" in box


def test_the_search_that_one_came_by_is_kept(client):
    box = box_of(page(client, make_document("Talks"), "?s=q%3Djapan&n=2&cite=mla"))
    assert 'href="?s=q%3Djapan&amp;n=2&amp;cite=apa#cite"' in box


def test_the_address_that_is_cited_names_the_version_and_leads_to_the_page(client):
    document = make_document("Talks")
    version = timezone.localdate(document.changed).isoformat()
    address = f"http://testserver/document/{document.record_id}?version={version}"
    assert f'<a href="{address}">{address}</a>' in box_of(page(client, document))
    answer = client.get(address, follow=True)
    assert answer.status_code == 200
    assert "has changed since then" not in answer.content.decode()


def test_who_follows_an_older_citation_is_told_of_the_change(client):
    document = make_document("Talks")
    before = timezone.localdate(document.changed) - timedelta(days=1)
    assert "has changed since then" in page(client, document, f"?version={before}").content.decode()


@pytest.mark.parametrize("version", ["2026-02-30", "x", "9999-12-31", "", "%00", "2026-01-01T00:00"])
def test_a_version_that_is_no_day_says_nothing(client, version):
    answer = page(client, make_document("Talks"), f"?version={version}")
    assert answer.status_code == 200
    assert "has changed since then" not in answer.content.decode()


def metas(response) -> list[tuple[str, str]]:
    found = re.findall(
        r'<meta name="((?:citation_|DC\.)[^"]*)" content="([^"]*)">', response.content.decode()
    )
    return [(name, unescape(content)) for name, content in found]


def test_reference_managers_find_the_document_in_the_head(client):
    document = make_full_document('Talks on the "Islands" & more')
    found = metas(page(client, document))
    for pair in (
        ("citation_title", 'Talks on the "Islands" & more'),
        ("citation_author", "Zhou Enlai"),
        ("citation_date", "1946/05/06"),
        ("citation_language", "zh"),
        ("citation_abstract_html_url", f"http://testserver/document/{document.record_id}"),
        ("DC.type", "manuscript"),
        ("DC.date", "1946-05-06"),
        ("DC.source", "Archive of Foreign Policy of the Russian Federation, f. 0100, op. 46, p. 362, d. 12, l. 24"),
        ("DC.subject", "Border treaties"),
        ("DC.relation", "Sino-Japanese Relations"),
    ):  # fmt: skip
        assert pair in found, pair


@pytest.mark.parametrize("written", ["circa 1955", "spring 1968", "[1956?]", "1955-1957", "before 1949", ""])
def test_a_rough_date_is_no_citation_date(client, written):
    names = [name for name, _content in metas(page(client, make_document(date=written)))]
    assert "citation_date" not in names


def json_ld_of(response) -> dict:
    html = response.content.decode()
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)[1])


def test_schema_org_tells_what_it_is_and_who_keeps_it(client):
    document = make_full_document("Talks", summary="They argue.")
    found = json_ld_of(page(client, document))
    assert found["@context"] == "https://schema.org"
    assert found["@type"] == "ArchiveComponent"
    assert found["url"] == f"http://testserver/document/{document.record_id}"
    assert found["dateCreated"] == "1946-05-06"
    assert found["creator"] == [{"@type": "Person", "name": "Zhou Enlai"}]
    assert found["holdingArchive"]["name"] == "Archive of Foreign Policy of the Russian Federation"
    assert found["itemLocation"] == "f. 0100, op. 46, p. 362, d. 12, l. 24"
    assert found["isPartOf"] == [{"@type": "Collection", "name": "Sino-Japanese Relations"}]


def test_a_rough_date_is_a_coverage_not_a_day(client):
    found = json_ld_of(page(client, make_document(date="1955-1957")))
    assert "dateCreated" not in found
    assert found["temporalCoverage"] == "1955/1957"


def test_nothing_of_a_record_ends_the_script(client):
    title = "</script><script>alert(1)</script><!--"
    response = page(client, make_document(title))
    assert json_ld_of(response)["name"] == title
    assert "<script>alert" not in response.content.decode()


def test_unpublished_collections_are_told_to_no_machine(client):
    document = make_document("Talks", collections=[make_collection("Still Secret", is_published=False)])
    assert "Still Secret" not in page(client, Document.objects.get(pk=document.pk)).content.decode()


@pytest.mark.parametrize("changed", ["a style file", "the processor", "the library"])
def test_what_another_edition_of_the_styles_made_is_not_handed_out(monkeypatch, tmp_path, changed):
    item, note = item_of(title="Kept"), STYLES["chicago-note"]
    with monkeypatch.context() as before:
        before.setattr(styles.StyleSheet, "note", lambda _sheet, _item: "as it was once cited")
        formatted(item, note)
    assert formatted(item, note) == "as it was once cited", "it is kept"
    if changed == "the library":
        monkeypatch.setattr(styles, "version", lambda _name: "99")
    else:
        suffix = ".csl" if changed == "a style file" else "processor.py"
        of_this_kind = next(path for path in styles._MADE_BY if path.name.endswith(suffix))
        other = tmp_path / of_this_kind.name
        other.write_bytes(of_this_kind.read_bytes() + b"\n")
        monkeypatch.setattr(
            styles, "_MADE_BY", [other if path == of_this_kind else path for path in styles._MADE_BY]
        )
    styles._edition.cache_clear()
    try:
        assert "Kept" in formatted(item, note)
    finally:
        styles._edition.cache_clear()
