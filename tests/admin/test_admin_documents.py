"""Curators at work on documents: forms are opened, filled in and sent."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from documents.choices import Role, Status, TextKind
from documents.models import Document, Participation
from records.dating import DateCertainty
from tests.admin.pages import add_row, address, complaints, open_form, saved, send
from tests.factories import (
    image_bytes,
    make_collection,
    make_document,
    make_draft,
    make_full_document,
    make_person,
    make_text,
    pdf_bytes,
    take_part,
    the_classification,
    the_collection,
    the_language,
    the_place,
    the_repository,
    the_subject,
    the_type,
)

pytestmark = pytest.mark.django_db


def test_a_document_is_added_with_everything(editor: Client, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    zhou, mao = make_person("Zhou Enlai"), make_person("Mao Zedong")
    other = make_document()
    fields = open_form(editor, Document, "add")
    add_row(fields, "participations", person=str(zhou.pk), role=Role.CREATOR, order="0")
    add_row(fields, "participations", person=str(mao.pk), role=Role.ADDRESSEE, order="0")
    add_row(
        fields, "texts", kind=TextKind.TRANSCRIPT, language="Chinese", script="Hans", direction="", order="0",
        content="毛泽东同志：\r\n来电收到。", credit="Transcribed by the archive",
    )  # fmt: skip
    add_row(
        fields,
        "scans",
        file=SimpleUploadedFile("original.pdf", pdf_bytes(3)),
        caption="The original",
        order="0",
    )
    response = send(
        editor,
        Document,
        fields,
        "add",
        title="Telegram from Zhou Enlai to Mao Zedong",
        date_display="[May 1946?]",
        summary="A reply.",
        types=[the_type("Telegram").pk],
        languages=[the_language("chi").pk],
        collections=[the_collection("Sino-Japanese Relations").pk],
        places=[the_place("Beijing").pk],
        subjects=[the_subject("Border treaties").pk],
        repository=the_repository("Foreign Ministry Archive").pk,
        classification=the_classification("Secret").pk,
        related=[other.pk],
        attached_to=other.pk,
        status=Status.PUBLISHED,
    )
    saved(response)
    document = Document.objects.get(title="Telegram from Zhou Enlai to Mao Zedong")
    assert document.record_id
    assert document.first_published is not None
    assert (document.date_display, document.date_certainty) == ("[May 1946?]", DateCertainty.UNCERTAIN)
    assert document.date_supplied
    assert {(part.person, part.role) for part in document.participations.all()} == {
        (zhou, Role.CREATOR),
        (mao, Role.ADDRESSEE),
    }
    text = document.texts.get()
    assert (text.language, text.content) == ("chi", "<p>毛泽东同志：</p>\n<p>来电收到。</p>")
    scan = document.scans.get()
    assert (scan.media_type, scan.pages, scan.original_name) == ("application/pdf", 3, "original.pdf")
    assert scan.size == len(pdf_bytes(3))
    assert [str(language) for language in document.languages.all()] == ["Chinese"]
    assert document.attached_to == other
    assert list(other.related.all()) == [document]


def test_saving_without_a_change_changes_nothing(editor: Client) -> None:
    document = make_full_document(summary="First line.\nSecond line.")
    before = {
        "text": list(document.texts.values("kind", "language", "content", "credit")),
        "people": list(document.participations.values("person", "role", "order")),
        "scans": list(document.scans.values("sha256", "file", "pages")),
        "fields": Document.objects.filter(pk=document.pk).values(
            "title",
            "date_display",
            "date_edtf",
            "summary",
            "status",
            "reference_code",
            "record_id",
            "repository",
        )[0],
        "places": list(document.places.values_list("pk", flat=True)),
    }
    saved(send(editor, document, open_form(editor, document)))
    document = Document.objects.get(pk=document.pk)
    after = {
        "text": list(document.texts.values("kind", "language", "content", "credit")),
        "people": list(document.participations.values("person", "role", "order")),
        "scans": list(document.scans.values("sha256", "file", "pages")),
        "fields": Document.objects.filter(pk=document.pk).values(*before["fields"])[0],
        "places": list(document.places.values_list("pk", flat=True)),
    }
    assert after == before
    assert LogEntry.objects.get().get_change_message() == "No fields changed."


def test_plain_text_is_shown_plainly_and_marked_up_text_as_it_is(editor: Client) -> None:
    document = make_draft()
    make_text(document, TextKind.TRANSCRIPT, "eng", "First.\nSecond.")
    make_text(document, TextKind.TRANSLATION, "ara", "<p>كلمة <em>هنا</em></p>")
    fields = open_form(editor, document)
    assert fields["texts-0-content"] == "First.\r\n\r\nSecond."
    assert fields["texts-1-content"] == "<p>كلمة <em>هنا</em></p>"
    page = editor.get(reverse("admin:documents_document_change", args=[document.pk])).content.decode()
    field = re.search(r'<textarea name="texts-1-content"[^>]*>', page)
    assert field
    assert 'dir="rtl"' in field[0]
    assert 'lang="ar"' in field[0]


def draft_with_transcript(editor: Client, pasted: str) -> Document:
    document = make_draft()
    fields = open_form(editor, document)
    add_row(fields, "texts", kind="transcript", language="eng", direction="", order="0", content=pasted)
    saved(send(editor, document, fields))
    return document


def test_a_pasted_page_is_not_changed_by_saving_it_again(editor: Client) -> None:
    page = "<html><head><title>x</title></head>\n<body>\n<div><h1>Telegram</h1>\n<p>One</p>\n</div>\n</body></html>"
    document = draft_with_transcript(editor, page)
    saved(send(editor, document, open_form(editor, document)))
    assert LogEntry.objects.latest("pk").get_change_message() == "No fields changed."


def test_harmful_markup_in_a_text_is_removed(editor: Client) -> None:
    harmful = '<p onclick="x()">One<script>alert(1)</script></p><a href="javascript:x()">two</a>'
    content = draft_with_transcript(editor, harmful).texts.get().content
    for part in ("script", "onclick", "javascript"):
        assert part not in content
    assert "One" in content


@pytest.mark.parametrize(
    ("written", "part"),
    [
        ("1962-13", "no month 13"),
        ("05/06/1946", "day or month first"),
        ("Feb. 30, 1950", "February 1950 has 28 days"),
    ],
)
def test_an_impossible_date_is_refused_with_the_reader_s_sentence(
    editor: Client, written: str, part: str
) -> None:
    document = make_draft(date="May 1946")
    response = send(editor, document, open_form(editor, document), date_display=written)
    assert part in complaints(response)
    document.refresh_from_db()
    assert document.date_display == "May 1946"


def test_the_page_says_how_the_date_is_read(editor: Client) -> None:
    document = make_draft(date="circa May 1946")
    page = editor.get(reverse("admin:documents_document_change", args=[document.pk])).content.decode()
    assert "Read as: circa May 1946, approximate (1946-04-01 to 1946-06-30)" in page


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("circa May 1946", {"reading": "Read as: circa May 1946, approximate (1946-04-01 to 1946-06-30)"}),
        ("May 06, 1946", {"reading": "Read as: May 6, 1946 (1946-05-06)"}),
        (
            "[1956?]",
            {"reading": "Read as: 1956?, uncertain, supplied by the cataloguer (1956-01-01 to 1956-12-31)"},
        ),
        ("before 1949", {"reading": "Read as: 1948 or earlier (1948-12-31 or earlier)"}),
        ("", {"reading": "Read as: undated"}),
        ("9" * 5000, None),
    ],
)
def test_the_date_is_read_while_it_is_typed(
    editor: Client, written: str, answer: dict[str, str] | None
) -> None:
    response = editor.get(reverse("admin:read_date"), {"date": written})
    assert response.status_code == 200
    if answer is None:
        assert list(response.json()) == ["error"]
    else:
        assert response.json() == answer


def test_only_staff_may_ask_how_a_date_is_read(client: Client) -> None:
    response = client.get(reverse("admin:read_date"), {"date": "1946"})
    assert response.status_code == 302
    assert "/login/" in response["Location"]


def test_a_date_that_was_not_understood_can_wait(editor: Client) -> None:
    document = make_draft(date="1950")
    Document.objects.filter(pk=document.pk).update(
        date_display="in the year of the tiger", date_edtf="", date_certainty=DateCertainty.UNREAD,
        date_earliest=None, date_latest=None, date_sort=None, date_span=None,
    )  # fmt: skip
    saved(send(editor, document, open_form(editor, document), title="A better title"))
    document.refresh_from_db()
    assert (document.title, document.date_display) == ("A better title", "in the year of the tiger")
    assert document.date_certainty == DateCertainty.UNREAD
    listed = editor.get(reverse("admin:documents_document_changelist"), {"date_certainty__exact": "unread"})
    assert listed.context["cl"].result_count == 1

    document = Document.objects.get(pk=document.pk)
    saved(send(editor, document, open_form(editor, document), date_display="1950"))
    document.refresh_from_db()
    assert (document.date_certainty, document.date_edtf) == (DateCertainty.CERTAIN, "1950")


def test_participants_are_changed_and_removed(editor: Client) -> None:
    document = make_draft()
    first, second = (take_part(document, f"Person {n}", Role.PRESENT, order=n) for n in range(2))
    fields = open_form(editor, document)
    fields["participations-0-role"] = Role.CREATOR
    fields["participations-1-DELETE"] = "on"
    saved(send(editor, document, fields))
    assert [(part.pk, part.role) for part in document.participations.all()] == [(first.pk, Role.CREATOR)]
    assert not Participation.objects.filter(pk=second.pk).exists()


def test_the_same_person_twice_in_a_role_is_refused(editor: Client) -> None:
    document = make_draft()
    zhou = take_part(document, "Zhou Enlai", Role.PRESENT).person
    fields = open_form(editor, document)
    add_row(fields, "participations", person=str(zhou.pk), role=Role.PRESENT, order="1")
    assert complaints(send(editor, document, fields))
    assert document.participations.count() == 1


def test_a_person_who_does_not_exist_is_refused(editor: Client) -> None:
    document = make_draft()
    fields = open_form(editor, document)
    add_row(fields, "participations", person="987654", role=Role.PRESENT, order="1")
    assert complaints(send(editor, document, fields))


@pytest.mark.parametrize(
    ("language", "taken"),
    [("chi", "chi"), ("zh", "chi"), ("German", "ger"), ("deu", "ger"), ("Klingonese", None)],
)
def test_a_language_is_understood_by_code_tag_or_name(
    editor: Client, language: str, taken: str | None
) -> None:
    document = make_draft()
    fields = open_form(editor, document)
    add_row(fields, "texts", kind="transcript", language=language, direction="", order="0", content="A word.")
    response = send(editor, document, fields)
    if taken is None:
        assert "Klingonese" in complaints(response)
    else:
        saved(response)
        assert document.texts.get().language == taken


@pytest.mark.parametrize(
    ("script", "taken"),
    [("Hans", "Hans"), (" arab ", "Arab"), ("", ""), ("<s>", None), ("Han", None), ("简体中文", None)],
)
def test_a_script_is_four_letters_or_none(editor: Client, script: str, taken: str | None) -> None:
    document = make_draft()
    fields = open_form(editor, document)
    add_row(
        fields, "texts", kind="transcript", language="chi", script=script, direction="", order="0", content="A word."
    )  # fmt: skip
    response = send(editor, document, fields)
    if taken is None:
        assert "ISO 15924" in complaints(response)
    else:
        saved(response)
        assert document.texts.get().script == taken


def test_a_document_is_not_related_or_attached_to_itself(editor: Client) -> None:
    letter = make_draft()
    enclosure = make_draft(attached_to=letter)
    fields = open_form(editor, letter)
    assert "cannot be related to itself" in complaints(
        send(editor, letter, fields, related=[str(enclosure.pk), str(letter.pk)])
    )
    for host in (letter, enclosure):
        said = complaints(send(editor, letter, fields, attached_to=str(host.pk)))
        assert "cannot be attached to itself" in said
    letter.refresh_from_db()
    assert (letter.attached_to, letter.related.count()) == (None, 0)
    saved(send(editor, letter, fields, related=[str(enclosure.pk)]))
    saved(send(editor, letter, open_form(editor, letter), attached_to=str(make_draft().pk)))


def test_an_empty_text_is_refused(editor: Client) -> None:
    document = make_draft()
    fields = open_form(editor, document)
    add_row(fields, "texts", kind="transcript", language="eng", direction="", order="0", content="")
    assert "Neither text nor file" in complaints(send(editor, document, fields))


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><html><body><script>alert(1)</script></body></html>"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("scan.pdf", b"%PDF-1.7\nnothing of the kind", "PDF is broken"),
        ("scan.pdf", image_bytes("PNG"), "name it “scan.png”"),
        ("scan.pdf", HTML, "not a PDF or an image"),
        ("scan.html", HTML, "not a PDF or an image"),
        ("scan.png", HTML, "not a PDF or an image"),
        ("scan.svg", SVG, "not a PDF or an image"),
        ("scan.png", image_bytes("PNG")[:40], "broken"),
        ("scan.html", pdf_bytes(), "name it “scan.pdf”"),
        ("scan.pdf", b"", "empty"),
    ],
)
@pytest.mark.parametrize("prefix", ["scans", "texts"])
def test_a_broken_or_dangerous_file_is_refused(
    editor: Client, settings, tmp_path, prefix: str, name: str, content: bytes, sentence: str
) -> None:
    settings.MEDIA_ROOT = tmp_path
    document = make_draft()
    fields = open_form(editor, document)
    row = {"order": "0", "file": SimpleUploadedFile(name, content)}
    if prefix == "texts":
        row |= {"kind": "transcript", "language": "eng", "direction": "", "content": "A word."}
    add_row(fields, prefix, **row)
    assert sentence in complaints(send(editor, document, fields))
    assert not list(tmp_path.rglob("*.*"))


def test_an_image_is_no_file_of_a_text(editor: Client) -> None:
    document = make_draft()
    fields = open_form(editor, document)
    upload = SimpleUploadedFile("page.png", image_bytes("PNG"))
    add_row(
        fields, "texts", kind="transcript", language="eng", direction="", order="0", content="", file=upload
    )
    assert "Add the image as a scan" in complaints(send(editor, document, fields))


def test_an_image_is_taken_as_a_scan_and_replaced(editor: Client, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    document = make_draft()
    fields = open_form(editor, document)
    add_row(fields, "scans", order="0", file=SimpleUploadedFile("page.jpg", image_bytes("JPEG")))
    saved(send(editor, document, fields))
    scan = document.scans.get()
    assert (scan.media_type, scan.pages) == ("image/jpeg", 1)
    page = editor.get(reverse("admin:documents_document_change", args=[document.pk])).content.decode()
    assert scan.sha256 in page
    assert f'href="{scan.get_absolute_url()}"' in page

    fields = open_form(editor, document)
    fields["scans-0-file"] = SimpleUploadedFile("page.pdf", pdf_bytes(2))
    saved(send(editor, document, fields))
    scan.refresh_from_db()
    assert (scan.media_type, scan.pages, scan.original_name) == ("application/pdf", 2, "page.pdf")


@pytest.mark.parametrize("day", ["05/06/2030", "31/01/2030", "Jan 31 2030", "tomorrow"])
def test_an_embargo_ends_on_a_day_that_is_read_in_one_way_only(editor: Client, day: str) -> None:
    document = make_draft()
    refused = send(editor, document, open_form(editor, document), public_from=day)
    assert "Write one day, year first: 2030-01-31." in complaints(refused)
    saved(send(editor, document, open_form(editor, document), public_from="2030-01-31"))


def test_a_withdrawal_in_the_form_wants_a_note(editor: Client) -> None:
    document = make_document()
    response = send(editor, document, open_form(editor, document), status=Status.WITHDRAWN, title="Other")
    assert "why it was withdrawn" in complaints(response)
    assert response.context["title"] == document.title
    line = response.content.decode().partition('class="record-line"')[2].partition("</p>")[0]
    assert "Published" in line
    assert "Withdrawn" not in line
    saved(
        send(
            editor,
            document,
            open_form(editor, document),
            status=Status.WITHDRAWN,
            withdrawal_note="A copy of no. 7.",
        )
    )
    draft = make_draft()
    response = send(editor, draft, open_form(editor, draft), status=Status.WITHDRAWN, withdrawal_note="Why")
    assert "never public" in complaints(response)


def test_a_draft_is_previewed_and_a_public_record_viewed(editor: Client) -> None:
    draft, public = make_draft(), make_document()
    later = make_document(public_from=timezone.localdate() + timedelta(days=30))
    for document, word in ((draft, "Preview"), (public, "View on site"), (later, "Preview")):
        page = editor.get(reverse("admin:documents_document_change", args=[document.pk])).content.decode()
        link = f'<a href="{document.get_absolute_url()}" class="viewsitelink">{word}</a>'
        assert link in page
        assert f"Record {document.record_id}" in page


def test_a_hidden_collection_is_previewed(editor: Client) -> None:
    for shown, word in ((True, "View on site"), (False, "Preview")):
        collection = make_collection(is_published=shown)
        page = editor.get(address(collection)).content.decode()
        assert f'<a href="{collection.get_absolute_url()}" class="viewsitelink">{word}</a>' in page


def test_numbers_beyond_the_database_and_broken_addresses_do_no_harm(editor: Client) -> None:
    make_document(date="1956", collections=["Asia"])  # or there is nothing to choose
    listed = reverse("admin:documents_document_changelist")
    assert editor.get(listed, {"q": "9" * 40}).status_code == 200
    assert editor.get(listed, {"decade": "²"}).status_code == 200
    assert editor.get(listed, {"decade": "99999"}).status_code == 200
    assert editor.get(listed, {"decade": "9" * 5000}).status_code == 200
    assert editor.get(listed, {"collection": "no-such"}).context["cl"].result_count == 0
    assert editor.get(reverse("admin:documents_document_change", args=["x"])).status_code == 302
    document = make_draft()
    fields = open_form(editor, document)
    for key in ("9" * 20, "-1", "x"):
        assert key in complaints(send(editor, document, fields, languages=[key]))
