"""Which names the public may see: asked of the querysets, and as the search page asks it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Q
from django.utils import timezone

from archive_site.collections.models import Collection
from documents.models import Classification, Document, DocumentType, Place, Repository, Subject
from people.models import Person
from records import naming, querysets
from records.naming import Branch, Named, branches_by_slug, names_by_slug
from records.querysets import is_public
from tests.factories import make_collection, make_document, make_draft, make_place

pytestmark = pytest.mark.django_db

MODELS = (Person, Place, Subject, DocumentType, Repository, Classification, Collection, Document)


@pytest.fixture(autouse=True)
def names_seen_and_hidden():
    def named(word, wide):
        return {
            "people": {"creator": [f"{word} person"], "present": [f"{word} guest"]},
            "places": [make_place(f"{word} place", wide)],
            "subjects": [f"{word} subject"],
            "types": [f"{word} type"],
            "repository": f"{word} archive",
            "classification": f"{word} stamp",
            "collections": [make_collection(f"{word} collection", is_published=word == "Seen")],
        }

    make_document("Seen", **named("Seen", "Wide"))
    make_draft("Draft", **named("Draft", "Narrow"))
    tomorrow = timezone.localdate() + timedelta(days=1)
    make_document("Early", public_from=tomorrow, **named("Early", "Narrow"))


@pytest.mark.parametrize("model", MODELS)
def test_both_ways_of_asking_agree(model):
    expected = set(model.objects.visible_to(None).values_list("pk", flat=True))
    marked = dict(model._base_manager.annotate(seen=is_public(model)).values_list("pk", "seen"))
    assert {pk for pk, seen in marked.items() if seen} == expected
    named = {str(record) for record in model.objects.visible_to(None)}
    assert named
    assert not any("Draft" in name or "Early" in name or "Narrow" in name for name in named)


def test_names_of_every_kind_are_asked_for_in_one_query(django_assert_num_queries, monkeypatch):
    kinds = {
        model.__name__: (Named(model, "title" if model is Collection else "name"), list(slugs))
        for model in MODELS
        if model is not Document and (slugs := model.objects.values_list("slug", flat=True))
    }
    assert len(kinds) == len(MODELS) - 1
    with django_assert_num_queries(1):
        names = names_by_slug(kinds | {"nothing": (Named(Place), ())})
    assert names.pop("nothing") == {}
    for kind, found in names.items():
        shown = kinds[kind][0].model.objects.visible_to(None)
        assert found == {record.slug: str(record) for record in shown}, kind
    monkeypatch.setattr(naming, "_AT_ONCE", 2)
    with django_assert_num_queries(3):  # there are six people
        assert names_by_slug(kinds) == names
    with django_assert_num_queries(0):
        assert names_by_slug({"place": (Named(Place), [])}) == {"place": {}}


def test_what_is_public_tomorrow_is_asked_anew_then(monkeypatch):
    asked = {"subject": (Named(Subject), ["early-subject"])}
    assert names_by_slug(asked) == {"subject": {}}
    day = timezone.localdate() + timedelta(days=2)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args, **kwargs: day)
    assert names_by_slug(asked) == {"subject": {"early-subject": "Early subject"}}


def test_what_would_need_a_join_is_refused(monkeypatch):
    def by_title(self):
        return self.filter(Q(documents__title="Seen"))

    monkeypatch.setattr(querysets.AuthorityQuerySet, "public", by_title)
    querysets._is_public.cache_clear()
    with pytest.raises(ImproperlyConfigured, match="Subject"):
        is_public(Subject)
    querysets._is_public.cache_clear()


def test_a_branch_hangs_on_the_nearest_that_is_shown(django_assert_num_queries):
    for title, above in (("Asia", None), ("Korea", "Asia"), ("Seoul", "Korea"), ("Pyongyang", "Korea")):
        parent = Collection.objects.filter(title=above).first()
        make_collection(title, parent=parent, is_published=title in ("Asia", "Seoul"))
    collections, places = Named(Collection, "title"), Named(Place)
    with django_assert_num_queries(3):  # one for each level that is not given
        branches = branches_by_slug(
            {"collection": (collections, ["seoul", "pyongyang"]), "place": (places, ["seen-place", "wide"])}
        )
    assert branches == {
        "collection": {"seoul": Branch("Seoul", "asia"), "asia": Branch("Asia", "")},
        "place": {"seen-place": Branch("Seen place", "wide"), "wide": Branch("Wide", "")},
    }
    with django_assert_num_queries(1):
        again = branches_by_slug({"collection": (collections, ["seoul", "korea", "asia"])})
    assert again["collection"] == branches["collection"]
