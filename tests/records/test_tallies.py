"""Counts of documents beside names: as this user may see them, and each document once."""

import pytest

from archive_site.collections.models import Collection
from documents.models import Place, Repository, Subject
from people.models import Person
from records.tallies import Tally, document_counts, tree_tallies
from tests.factories import (
    make_collection,
    make_curator,
    make_document,
    make_draft,
    make_place,
    make_withdrawn,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def asia():
    asia = make_place("Asia")
    japan = make_place("Japan", asia)
    tokyo = make_place("Tokyo", japan)
    make_document(date="1946-05-06", places=[tokyo, japan])  # once in Japan, though named twice
    make_document(date="before 1949", places=[asia])
    make_document(date="", places=[japan])
    make_draft(date="1900", places=[tokyo])
    make_withdrawn(date="1901", places=[tokyo])
    return asia, japan, tokyo


def test_a_wider_place_counts_what_lies_in_it_once(asia):
    asia, japan, tokyo = asia
    tallies = tree_tallies(Place, None)
    assert tallies[tokyo.pk] == Tally(1, 1946, 1946)
    assert tallies[japan.pk] == Tally(2, 1946, 1946)
    assert tallies[asia.pk].documents == 3
    assert tallies[asia.pk].last_year == 1948


def test_a_curator_counts_drafts(asia):
    assert tree_tallies(Place, make_curator())[asia[2].pk] == Tally(3, 1900, 1946)


def test_only_the_records_asked_for_in_one_query(asia, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert set(tree_tallies(Place, None, [asia[1].pk])) == {asia[1].pk}
    with django_assert_num_queries(0):
        assert tree_tallies(Place, None, []) == {}


def test_years_of_a_collection():
    parent = make_collection("Parent")
    child = make_collection("Child", parent)
    make_document(date="1955-1957", collections=[child])
    make_document(date="1972", collections=[parent, child])
    assert tree_tallies(Collection, None)[parent.pk].years == "1955 – 1972"
    assert Tally(1, 1955, 1955).years == "1955"
    assert Tally(1).years == ""


@pytest.mark.parametrize(
    ("model", "field"),
    [(Person, {"people": {"creator": ["Zhou Enlai"], "present": ["Zhou Enlai"]}}), (Subject, {"subjects": ["Trade"]}),
     (Repository, {"repository": "AVPRF"})],
)  # fmt: skip
def test_counts_of_every_kind_of_relation(model, field, django_assert_num_queries):
    make_document(**field)
    make_document(**field)
    make_draft(**field)
    key = model.objects.get().pk
    with django_assert_num_queries(1):
        assert document_counts(model, None, [key]) == {key: 2}
