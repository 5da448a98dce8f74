"""References of one document, read back by the parsers that others use."""

import json

import bibtexparser
import pytest
import rispy
from django.utils import timezone

from documents.choices import Role
from interchange.references import FORMATS
from tests.factories import (
    make_curator,
    make_document,
    make_draft,
    make_full_document,
    make_person,
    make_withdrawn,
)

pytestmark = pytest.mark.django_db


def fetched(client, document, name: str) -> str:
    response = client.get(f"/documents/{document.record_id}.{name}")
    assert response.status_code == 200
    return response.content.decode()


def ris_of(client, document) -> dict:
    (entry,) = rispy.loads(fetched(client, document, "ris"))
    return entry


def bibtex_of(client, document) -> dict:
    (entry,) = bibtexparser.loads(fetched(client, document, "bib"), _parser()).entries
    return entry


def _parser():
    return bibtexparser.bparser.BibTexParser(common_strings=True)


def full(title="Talks on the Islands"):
    author = make_person("Nikolai Roshchin", (), sort_name="Roshchin, Nikolai")
    return make_full_document(
        title,
        people={Role.CREATOR: [author, "Zhou Enlai"], Role.MENTIONED: ["Mao Zedong"]},
        translator_credit="Translated by Stephen Mercado.",
        summary="They argue.\nAt length.",
    )


def test_ris(client):
    document = full()
    entry = ris_of(client, document)
    today = timezone.localdate()
    assert entry["type_of_reference"] == "MANSCPT"
    assert entry["title"] == "Talks on the Islands"
    assert entry["authors"] == ["Roshchin, Nikolai", "Zhou Enlai"]
    assert entry["subsidiary_authors"] == ["Stephen Mercado"]
    assert entry["year"] == "1946"
    assert entry["date"] == "1946/05/06/"
    assert entry["type_of_work"] == "Telegram"
    assert entry["tertiary_title"] == "Sino-Japanese Relations"
    assert entry["name_of_database"] == "Archive of Foreign Policy of the Russian Federation"
    assert entry["abstract"] == "They argue. At length."
    assert entry["keywords"] == ["Border treaties", "Beijing", "Mao Zedong"]
    assert entry["language"] == "zh"
    assert entry["access_date"] == today.strftime("%Y/%m/%d/")
    assert entry["urls"] == [f"http://testserver/document/{document.record_id}?version={today}"]
    assert f"record {document.record_id}, version of {today}" in entry["notes"][0]


def test_bibtex(client):
    document = full()
    entry = bibtex_of(client, document)
    assert entry["ENTRYTYPE"] == "misc"
    assert entry["ID"] == f"record-{document.record_id}"
    assert entry["title"] == "{Talks on the Islands}"
    assert entry["author"] == "Roshchin, Nikolai and {Zhou Enlai}"
    assert entry["translator"] == "{Stephen Mercado}"
    assert (entry["year"], entry["date"]) == ("1946", "1946-05-06")
    assert entry["howpublished"] == (
        "Archive of Foreign Policy of the Russian Federation, f. 0100, op. 46, p. 362, d. 12, l. 24"
    )
    assert entry["url"].startswith(f"http://testserver/document/{document.record_id}?version=")
    assert entry["urldate"] == timezone.localdate().isoformat()


def test_what_follows_a_name_stands_where_each_format_has_it(client):
    author = make_person("Alexander Haig, Jr.", (), sort_name="Haig, Alexander, Jr.")
    document = make_document("Talks", people={Role.CREATOR: [author]})
    assert ris_of(client, document)["authors"] == ["Haig, Alexander, Jr."]
    assert bibtex_of(client, document)["author"] == "Haig, Jr., Alexander"


def test_what_is_no_part_of_a_name_stands_in_no_format(client):
    author = make_person("Charles Bonesteel III", (), sort_name="Bonesteel, General Charles H., III, USA")
    document = make_document("Talks", people={Role.CREATOR: [author]})
    assert ris_of(client, document)["authors"] == ["Bonesteel, Charles H., III"]
    assert bibtex_of(client, document)["author"] == "Bonesteel, III, Charles H."
    (item,) = json.loads(fetched(client, document, "csl.json"))
    assert item["author"] == [{"family": "Bonesteel", "given": "Charles H.", "suffix": "III"}]


def test_csl_json(client):
    document = full()
    (item,) = json.loads(fetched(client, document, "csl.json"))
    assert item["id"] == f"record-{document.record_id}"
    assert item["author"] == [{"family": "Roshchin", "given": "Nikolai"}, {"literal": "Zhou Enlai"}]
    assert item["issued"] == {"date-parts": [[1946, 5, 6]]}


@pytest.mark.parametrize(
    ("written", "year", "ris_date", "bibtex_date"),
    [
        ("1946", "1946", "1946///", "1946"),
        ("May 1946", "1946", "1946/05//", "1946-05"),
        ("circa 1955", "1955", "1955///circa 1955", "1955~"),
        ("[1956?]", "1956", "1956///[1956?]", "1956?"),
        ("spring 1968", "1968", "1968///spring 1968", "1968-21"),
        ("May 1946 - August 1946", "1946", "1946///May 1946 - August 1946", "1946-05/1946-08"),
        # No year is better than a wrong one.
        ("1955-1957", None, None, "1955/1957"),
        ("before 1949", None, None, None),
        ("1950s", None, None, "195X"),
        ("", None, None, None),
    ],
)
def test_dates(client, written, year, ris_date, bibtex_date):
    document = make_document("Talks", date=written)
    ris, bibtex = ris_of(client, document), bibtex_of(client, document)
    assert ris.get("year") == year
    assert ris.get("date") == ris_date
    assert bibtex.get("year", "") == (year or written)
    assert bibtex.get("date") == bibtex_date


HOSTILE = (
    "100% of {braces}, $5 & #1_a ~ ^ \\end{document}",
    "Line one\r\nER  - \r\nTY  - JOUR\nTI  - Forged",
    "}\n@article{forged, title={x}}",
    "“毛泽东致胡乔木” \x01\x1b\u2028 end",
)


@pytest.mark.parametrize("title", HOSTILE)
def test_no_title_breaks_a_format(client, title):
    document = make_document("Talks")
    type(document).objects.filter(pk=document.pk).update(title=title)
    (ris,) = rispy.loads(fetched(client, document, "ris"))
    assert ris["type_of_reference"] == "MANSCPT"
    assert ris["title"].endswith(title.split()[-1])
    assert bibtex_of(client, document)["ENTRYTYPE"] == "misc"
    (item,) = json.loads(fetched(client, document, "csl.json"))
    assert item["title"] == " ".join(title.split()).rstrip(" .,")


def test_bibtex_escapes_what_latex_would_run(client):
    text = fetched(client, make_document("100% & \\input{x} $a_b$ #1 ~ ^"), "bib")
    assert (
        r"{{100\% \& \textbackslash{}input\{x\} \$a\_b\$ \#1 \textasciitilde{} \textasciicircum{}}}" in text
    )


@pytest.mark.parametrize("name", FORMATS)
def test_files_say_what_they_are(client, name):
    document = make_document("Talks")
    response = client.get(f"/documents/{document.record_id}.{name}")
    assert response["Content-Type"].startswith(FORMATS[name].media_type)
    assert f'filename="record-{document.record_id}.{name}"' in response["Content-Disposition"]
    assert response["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("name", FORMATS)
def test_the_page_leads_to_the_files(client, name):
    document = make_document("Talks")
    html = client.get(document.get_absolute_url()).content.decode()
    assert html.count(f'href="/documents/{document.record_id}.{name}"') == 2  # in the box, and in the head


@pytest.mark.parametrize("address", [*(f"{{}}.{name}" for name in FORMATS), "{}/citation"])
def test_drafts_are_for_curators_and_withdrawn_records_are_gone(client, address):
    draft, withdrawn = make_draft(), make_withdrawn()
    assert client.get(f"/documents/{address.format(draft.record_id)}").status_code == 404
    assert client.get(f"/documents/{address.format(withdrawn.record_id)}").status_code == 410
    client.force_login(make_curator())
    response = client.get(f"/documents/{address.format(draft.record_id)}")
    assert response.status_code == 200
    assert "no-store" in response.get("Cache-Control", "no-store")


@pytest.mark.parametrize("name", ["xml", "RIS", "csl", "json", "ris.exe", "ris/"])
def test_other_formats_are_not_found(client, name):
    assert client.get(f"/documents/{make_document().record_id}.{name}").status_code == 404


def test_the_box_comes_by_itself(client):
    document = make_full_document("Talks")
    html = client.get(f"/documents/{document.record_id}/citation?cite=apa&n=2").content.decode()
    assert html.lstrip().startswith('<section class="panel cite"')
    assert "(1946). <i>Talks</i>" in html
    assert "?n=2&amp;cite=mla#cite" in html
