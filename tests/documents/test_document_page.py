"""A document's page: everything known of it, to those who may see it, with every text set in its language."""

import re
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from documents.choices import Role, Status, TextKind
from documents.models import Document, Right
from tests.documents.markup import elements
from tests.factories import (
    image_bytes,
    make_collection,
    make_curator,
    make_document,
    make_draft,
    make_full_document,
    make_person,
    make_scan,
    make_text,
    make_user,
    make_withdrawn,
    take_part,
)
from tests.search.pages import links_of, text_of

pytestmark = pytest.mark.django_db
DATA = "application/ld+json"  # a script element that no browser runs


def page(client, document, query=""):
    return client.get(f"{document.get_absolute_url()}{query}")


@pytest.fixture
def curator_client(client):
    client.force_login(make_curator())
    return client


def test_everything_known_stands_on_the_page(client):
    document = make_full_document("Talks on the Islands", summary="They argue.", declassification_date="1995")
    document.rights.add(Right.objects.create(name="Free to quote", statement="With citation."))
    text = text_of(page(client, document))
    for words in (
        "Talks on the Islands", "May 06, 1946", "They argue.", "Secret", "Creator: Zhou Enlai", "Addressee: Mao Zedong",
        "Mentioned: Nikita Khrushchev", "Scan, 1 page", "Transcript, Chinese", "Translation, English", "Telegram",
        "Archive of Foreign Policy of the Russian Federation", "f. 0100, op. 46, p. 362, d. 12, l. 24", "Border treaties",
        "Beijing", "Sino-Japanese Relations", "Obtained by Sergey Radchenko.", "1995", "Free to quote: With citation.",
        "Zhou Enlai, “Talks on the Islands,” Telegram, Sino-Japanese Relations", f"http://testserver/document/{document.record_id}",
    ):  # fmt: skip
        assert words in text, words


def test_names_with_commas_of_their_own_stand_apart(client):
    names = ["Rusk, Dean", "Chiang", "White, General Thomas D."]
    for people, said in ((names, "; ".join(names)), (["Chiang", "Mao Zedong"], "Chiang, Mao Zedong")):
        document = make_document(
            people={Role.MENTIONED: [make_person(name) if "," in name else name for name in people]},
            places=["Palm Springs, California", "Beijing"],
        )
        text = text_of(page(client, document)).replace(" ;", ";").replace(" ,", ",")
        assert text.count(said) == 2, text  # under the title, and among the facts
        assert "Beijing; Palm Springs, California" in text


def test_every_fact_leads_into_the_search(client):
    links = links_of(page(client, make_full_document()))
    for link in (
        "/search/?participant=creator%3Azhou-enlai", "/search/?place=beijing", "/search/?subject=border-treaties", "/search/?type=telegram",
        "/search/?language=chi", "/search/?classification=secret", "/search/?collection=sino-japanese-relations",
        "/search/?archive=archive-of-foreign-policy-of-the-russian-federation",
    ):  # fmt: skip
        assert link in links
    assert "/people/zhou-enlai/" in links


def test_what_is_not_known_leaves_no_empty_line(client):
    document = make_document("Bare", date="", summary="")
    html = page(client, document).content.decode()
    assert "Undated" in html
    assert not re.search(r"<d[dt][^>]*>\s*</d[dt]>", html)
    assert "None" not in text_of(page(client, document))


def test_a_record_without_texts_says_where_the_document_is_only_if_it_does(client):
    unheld = text_of(page(client, make_document()))
    assert "this record tells that the document exists." in unheld
    assert "exists, and where" not in unheld
    held = make_document(archival_reference="f. 0100, op. 46")
    assert "this record tells that the document exists, and where." in text_of(page(client, held))


def test_no_frame_is_allowed_on_a_page(client):
    assert "frame-src" not in page(client, make_document())["Content-Security-Policy"]


def test_a_rough_date_is_explained(client):
    assert "circa 1955: 1954 to 1956" in text_of(page(client, make_document(date="circa 1955")))


@pytest.mark.parametrize(
    "path", ["/document/{}", "/document/{}/", "/documents/{}/", "/documents/{}/another-title/"]
)
def test_every_other_address_leads_to_the_one(client, path):
    document = make_document("Talks on the Islands")
    response = client.get(path.format(document.record_id) + "?s=q%3DJapan&n=2")
    assert response.status_code == 301
    assert response["Location"] == f"/documents/{document.record_id}/talks-on-the-islands/?s=q%3DJapan&n=2"


@pytest.mark.parametrize("title", ["毛泽东致胡乔木的电报", "Телеграмма Молотову", "رسالة إلى السفير", "???"])
def test_titles_in_any_script_have_an_address(client, title):
    document = make_document(title)
    assert document.slug
    response = page(client, document)
    assert response.status_code == 200
    assert title in text_of(response)


@pytest.mark.parametrize("number", ["0", "99999", "9" * 40, "9" * 5000])
def test_numbers_that_are_none_of_a_record(client, number):
    assert client.get(f"/document/{number}").status_code == 404
    assert client.get(f"/documents/{number}/x/").status_code == 404
    assert client.get(f"/documents/{number}/scans/{number}").status_code == 404


# ---- who sees what ----


def _hidden():
    tomorrow = timezone.localdate() + timezone.timedelta(days=1)
    return [
        make_draft("Hidden draft"),
        make_document("Hidden embargo", public_from=tomorrow),
        make_document("Never public", status=Status.WITHDRAWN, first_published=None),
    ]


def test_drafts_and_embargoed_records_are_not_found_by_the_public(client):
    for document in _hidden():
        for address in (
            document.get_absolute_url(),
            f"/document/{document.record_id}",
            f"/documents/{document.record_id}/x/",
        ):
            response = client.get(address)
            assert response.status_code == 404
            assert document.title not in response.content.decode()
    client.force_login(make_user(is_staff=True))  # staff without the permission to view
    assert page(client, document).status_code == 404


def test_curators_see_them_under_a_banner(curator_client):
    for document, words in zip(_hidden(), ("Draft.", "Not public before", "Withdrawn."), strict=True):
        response = page(curator_client, document)
        assert response.status_code == 200
        assert words in text_of(response)
        assert f"/admin/documents/document/{document.pk}/change/" in links_of(response)
        assert 'name="robots" content="noindex"' in response.content.decode()
    assert "notice-draft" not in page(curator_client, make_document()).content.decode()


def test_a_withdrawn_record_says_so_and_why(client):
    document = make_withdrawn("Withdrawn talks")
    for address in (document.get_absolute_url(), f"/document/{document.record_id}"):
        response = client.get(address)
        assert response.status_code == 410
        assert f"Record {document.record_id} was withdrawn" in text_of(response)
        assert "at the request of the owner" in text_of(response)
        assert "Withdrawn talks" not in text_of(response)


def test_a_record_withdrawn_under_embargo_is_not_told_of_before_its_day(client):
    document = make_withdrawn()
    day = timezone.localdate()
    for public_from, status in ((day + timedelta(days=1), 404), (day, 410), (day - timedelta(days=1), 410)):
        document.public_from = public_from
        document.save()
        assert client.get(document.get_absolute_url()).status_code == status


def test_no_hidden_document_is_named_on_the_page_of_another(client):
    collection = make_collection()
    shown = make_full_document("Shown", collections=[collection], date="1955")
    for hidden in _hidden():
        hidden.collections.add(collection)
        shown.related.add(hidden)
        hidden.repository, hidden.archival_reference = shown.repository, shown.archival_reference
        hidden.save()
        make_draft("Hidden attachment", attached_to=shown)
    response = page(client, shown)
    assert "Hidden" not in text_of(response)
    assert "Never public" not in text_of(response)
    assert "of this file" not in text_of(response)
    assert "in this collection" not in text_of(response)  # no neighbours that anybody may see
    attached = make_document("Attached", attached_to=_hidden()[0])
    assert "Attached to" not in text_of(page(client, attached))


def test_an_unpublished_collection_is_not_named(client):
    collection = make_collection("Secret plans", is_published=False)
    document = make_document(collections=[collection])
    assert "Secret plans" not in text_of(page(client, document))
    client.force_login(make_curator())
    assert "Secret plans" in text_of(page(client, document))


# ---- around it ----


def test_documents_around_it(client):
    collection = make_collection("Talks")
    first, second, third = (
        make_document(
            title,
            date=date,
            collections=[collection],
            repository="AVPRF",
            archival_reference="f. 1, op. 2, d. 3",
        )
        for title, date in (("First", "1950"), ("Second", "1951"), ("Third", "1952"))
    )
    second.related.add(third)
    make_document("The enclosure", attached_to=second)
    response = page(client, second)
    text = text_of(response)
    assert "2 of 3 in this collection" in text
    assert "2 more of this file" in text
    assert "The enclosure" in text
    html = response.content.decode()
    assert f'rel="prev" href="{first.get_absolute_url()}"' in html
    assert f'rel="next" href="{third.get_absolute_url()}"' in html
    assert "/search/?file=avprf~f-1~op-2~d-3" in links_of(response)


def test_queries_do_not_grow_with_what_is_known(client):
    small = make_document("Small", collections=["Talks"])
    make_document(collections=["Talks"])
    big = make_full_document("Big", collections=["Talks"], translations=["eng", "ger", "ara"], scans=3)
    for number in range(12):
        take_part(big, make_person(f"Person {number}"), Role.PRESENT, order=number)
        make_document(
            collections=["Talks"],
            attached_to=big,
            repository=big.repository,
            archival_reference=big.archival_reference,
        )

    def asked(document) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert page(client, document).status_code == 200
        return len(queries)

    asked(small)
    grown = asked(big)
    for number in range(12, 30):
        take_part(big, make_person(f"Person {number}"), Role.PRESENT, order=number)
        big.related.add(make_document(places=["Tokyo"]))
        make_text(big, TextKind.TRANSLATION, "fre")
    assert asked(big) <= grown + 3  # the prefetches of related documents, which had none before
    assert asked(big) <= 40


# ---- texts ----


@pytest.mark.parametrize(
    ("language", "script", "attributes"),
    [("ara", "", 'lang="ar" dir="rtl"'), ("heb", "", 'lang="he" dir="rtl"'), ("chi", "Hans", 'lang="zh-Hans" dir="ltr"'),
     ("rus", "", 'lang="ru" dir="ltr"'), ("aze", "Arab", 'lang="az-Arab" dir="rtl"')],
)  # fmt: skip
def test_a_text_is_set_in_its_language_and_direction(client, language, script, attributes):
    document = make_document()
    make_text(document, TextKind.TRANSCRIPT, language, "1\n2", script=script)
    assert f'<div class="pane-body" {attributes}>' in page(client, document).content.decode()


def test_paragraphs_have_numbers_that_are_links_to_themselves(client):
    document = make_document(transcripts={"rus": "один\nдва"}, translations={"eng": "one\ntwo"})
    html = page(client, document).content.decode()
    for anchor in ("transcript-rus-p2", "translation-eng-p2"):
        assert f'id="{anchor}"' in html
        assert f'href="#{anchor}"' in html
    assert html.count('id="p2"') == 1


def test_no_two_elements_have_one_id(client):
    document = make_full_document(translations=["eng", "ger"])
    make_text(document, TextKind.TRANSLATION, "eng", "Another.")
    ids = re.findall(r'\sid="([^"]+)"', page(client, document).content.decode())
    assert len(ids) == len(set(ids))


def test_what_curators_typed_is_shown_and_never_run(client):
    hostile = '<script>alert(1)</script><b onclick="x()">bold</b>"><img src=x onerror=alert(1)>'
    document = make_full_document(
        hostile,
        summary=hostile,
        source_note=hostile,
        archival_reference=hostile,
        translations={"eng": f"<p>{hostile}</p>"},
    )
    Document.objects.filter(pk=document.pk).update(title=hostile)
    document.texts.update(content=f"<p>{hostile}</p>")  # past every cleaning
    found = elements(page(client, Document.objects.get(pk=document.pk)))
    assert len(found) > 100
    assert all("src" in script or script["type"] == DATA for tag, script in found if tag == "script")
    assert not [
        tag for tag, attributes in found if tag == "img" or any(name.startswith("on") for name in attributes)
    ]


def test_no_style_or_script_stands_in_the_page(client):
    response = page(client, make_full_document())
    for tag, attributes in elements(response):
        assert tag != "style"
        assert "style" not in attributes
        is_data = attributes.get("type") == DATA
        assert tag != "script" or is_data or attributes["src"].startswith("/static/")
    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]


def test_canonical_link_and_description(client, settings):
    settings.SITE_URL = "https://archive.example"
    document = make_document("Talks", summary='They say "no".')
    html = page(client, document, "?s=q%3Dx&n=1").content.decode()
    assert f'<link rel="canonical" href="https://archive.example{document.get_absolute_url()}">' in html
    assert '<meta name="description" content="They say &quot;no&quot;.">' in html
    assert f"https://archive.example/document/{document.record_id}" in html


# ---- files ----


@pytest.fixture
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


def test_scans_are_shown_and_offered(client, uploads):
    document = make_document()
    pdf = make_scan(document, caption="The signed original")
    image = make_scan(document, "page.png", image_bytes())
    tiff = make_scan(document, "page.tif", image_bytes("TIFF"))
    response = page(client, document)
    html = response.content.decode()
    assert "The signed original" in html
    assert f'<img src="{image.get_absolute_url()}"' in html
    assert f'<img src="{tiff.get_absolute_url()}"' not in html
    for scan in (pdf, image, tiff):
        assert f"{scan.get_absolute_url()}?download" in links_of(response)


def test_a_scan_goes_out_with_its_type_and_in_ranges(client, uploads):
    scan = make_scan(make_document())
    response = client.get(scan.get_absolute_url())
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response["ETag"] == f'"{scan.sha256}"'
    assert response["Content-Disposition"] == f'inline; filename="{scan.download_name}"'
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "script-src" not in response["Content-Security-Policy"]
    assert response["Content-Security-Policy"].startswith("default-src 'none'")
    part = client.get(scan.get_absolute_url(), headers={"Range": "bytes=0-3"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, b"%PDF")
    assert (
        client.get(scan.get_absolute_url(), headers={"If-None-Match": f'"{scan.sha256}"'}).status_code == 304
    )


def test_files_answer_as_the_page_does(client, uploads):
    for document, status in [*((hidden, 404) for hidden in _hidden()), (make_withdrawn(), 410)]:
        scan = make_scan(document)
        text = make_text(document)
        text.file.save("t.pdf", ContentFile(b"%PDF-1.4 secret"))
        addresses = (scan.get_absolute_url(), f"/documents/{document.record_id}/texts/{text.pk}")
        for address in addresses:
            response = client.get(address)
            assert response.status_code == status
            assert b"secret" not in response.content
    client.force_login(make_curator())
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200
        assert response["Cache-Control"] == "private, no-store"


def test_a_file_is_found_only_under_its_own_document(client, uploads):
    scan, other = make_scan(make_document()), make_document()
    assert client.get(f"/documents/{other.record_id}/scans/{scan.pk}").status_code == 404


def test_there_is_no_other_way_to_a_file(client, uploads, settings):
    scan = make_scan(make_document())
    for prefix in ("/media/", "/files/", "/static/", "/"):
        assert client.get(f"{prefix}{scan.file.name}").status_code == 404
