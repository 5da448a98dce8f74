"""Before and after in a collection follow the order of the list, whatever the dates."""

import pytest

from documents.models import Document
from documents.neighbours import place_in
from tests.factories import make_document, make_draft

pytestmark = pytest.mark.django_db
DATES = (
    "1955",
    "",
    "May 1955",
    "1955",
    "n.d.",
    "1955-05-01",
    "before 1949",
    "since 1955",
    "circa 1955",
    "1946",
    "",
    "1955-01-01",
)


def test_every_document_stands_between_those_of_the_list():
    for date in DATES:
        make_document(date=date)
    make_draft(date="1955")
    public = Document.objects.public()
    listed = list(public.in_order_of_date())
    assert len(listed) == len(DATES)
    for index, document in enumerate(listed):
        place = place_in(public, document)
        assert (place.position, place.total) == (index + 1, len(DATES))
        assert place.previous == (listed[index - 1] if index else None)
        assert place.next == (listed[index + 1] if index + 1 < len(listed) else None)


def test_a_document_alone_or_elsewhere_has_no_place():
    only, other = make_document(), make_document()
    assert place_in(Document.objects.filter(pk=only.pk), only) is None
    assert place_in(Document.objects.exclude(pk=other.pk), other) is None


def test_five_queries_whatever_the_number(django_assert_max_num_queries):
    documents = [make_document(date="1955") for _each in range(8)]
    with django_assert_max_num_queries(5):
        place_in(Document.objects.public(), documents[3])
