"""Which panes there are, what they are called, and when they go in step."""

import pytest

from documents.choices import TextKind
from documents.models import Document
from documents.reader import anchor_of, reader_of
from search.marking import search_marks
from tests.factories import image_bytes, make_document, make_scan, make_text

pytestmark = pytest.mark.django_db


def read(document):
    return reader_of(Document.objects.for_page().get(pk=document.pk))


def test_anchors_tell_the_text():
    assert anchor_of("translation", "eng") == "translation-eng"
    assert anchor_of("transcript", "chi", "Hans") == "transcript-chi-hans"
    assert anchor_of("translation", "eng", "", 2) == "translation-eng-2"


def test_transcripts_stand_before_translations_and_the_first_of_each_is_shown():
    document = make_document(translations=["eng", "ger"], transcripts=["rus"], scans=1)
    reader = read(document)
    assert [pane.anchor for pane in reader.panes] == [
        "scan", "transcript-rus", "translation-eng", "translation-ger",
    ]  # fmt: skip
    assert [pane.is_shown for pane in reader.panes] == [False, True, True, False]


def test_plain_paragraph_numbers_belong_to_the_first_pane():
    reader = read(make_document(translations=["eng"], transcripts=["rus"]))
    assert [pane.is_first for pane in reader.texts] == [True, False]


def test_two_translations_into_one_language_have_anchors_of_their_own():
    document = make_document(translations=["eng"])
    make_text(document, TextKind.TRANSLATION, "eng", "Another reading.")
    assert [pane.anchor for pane in read(document).texts] == ["translation-eng", "translation-eng-2"]


def test_a_scan_alone_is_shown():
    document = make_document()
    make_scan(document, "page.png", image_bytes())
    reader = read(document)
    assert reader.scan.is_shown
    assert reader.scan.label == "Scan, 1 page"


def test_nothing_to_read():
    assert read(make_document()).panes == []


@pytest.mark.parametrize(
    ("first", "second", "rows"), [(3, 3, 16), (10, 9, 16), (16, 16, 32), (40, 20, 0), (5, 0, 0)]
)
def test_texts_go_in_step_when_their_paragraphs_correspond(first, second, rows):
    document = make_document(
        transcripts={"rus": "\n".join(["да"] * first)},
        translations={"eng": "\n".join(["yes"] * second) or "<p></p>"},
    )
    assert read(document).rows == rows


def test_nothing_more_is_asked_of_the_database(django_assert_num_queries):
    document = Document.objects.for_page().get(
        pk=make_document(transcripts=["rus"], translations=["eng"], scans=2).pk
    )
    with django_assert_num_queries(0):
        reader = reader_of(document)
        assert [scan.get_absolute_url() for scan in (file.scan for file in reader.scan.files)]
        assert reader.texts[0].blocks[0].number == 1


def test_what_was_searched_is_marked_in_the_texts():
    document = make_document(
        transcripts={"rus": "Речь шла о договоре.\nИ об угле."},
        translations={"eng": "They spoke of <em>treaties</em>."},
    )
    found = Document.objects.for_page().get(pk=document.pk)
    reader = reader_of(found, search_marks("q=treaty+OR+договор"))
    assert reader.has_marks
    assert reader.searched == "treaty OR договор"
    transcript, translation = ([line.html for b in pane.blocks for line in b.lines] for pane in reader.texts)
    assert transcript == ["Речь шла о <mark>договоре</mark>.", "И об угле."]
    assert translation == ["They spoke of <em><mark>treaties</mark></em>."]
    assert not reader_of(found, search_marks("q=coal")).has_marks
    assert not reader_of(found).has_marks
