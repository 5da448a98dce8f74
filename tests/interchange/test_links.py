"""Documents that name others: attachments and related documents, wherever in the file they stand."""

import pytest

from archive_site.collections.models import Collection
from documents.models import Document
from interchange.collection_rows import CollectionImporter
from tests.factories import make_document
from tests.interchange.importing import jsonl, run, said

pytestmark = pytest.mark.django_db


def hosts() -> dict[str, str | None]:
    return dict(Document.objects.values_list("reference_code", "attached_to__reference_code"))


def related() -> dict[str, set[str]]:
    return {d.reference_code: {r.reference_code for r in d.related.all()} for d in Document.objects.all()}


def row(code: str, **rest) -> dict:
    return {"reference_code": code, "title": f"Document {code}", **rest}


def test_a_host_may_stand_below_above_or_in_the_archive():
    old = make_document(reference_code="OLD")
    report = run(
        jsonl(
            row("A", attached_to="B"),
            row("B"),
            row("C", attached_to="B"),
            row("D", attached_to=str(old.record_id)),
        )
    )
    assert report.created == 4, said(report)
    assert hosts() == {"OLD": None, "A": "B", "B": None, "C": "B", "D": "OLD"}


def test_links_twice_are_links_once():
    rows = jsonl(row("A", attached_to="B", related=["C"]), row("B", related=[]), row("C"))
    assert run(rows).created == 3
    assert run(rows).unchanged == 3
    assert related() == {"A": {"C"}, "B": set(), "C": {"A"}}


def test_a_relation_holds_from_both_sides():
    # As a hand-made file has it: one row says it, the cell of the other is empty.
    rows = "reference_code,title,related\nA,T,B\nB,T,\nC,T,\n"
    assert run(rows).created == 3
    assert run(rows).unchanged == 3
    assert related() == {"A": {"B"}, "B": {"A"}, "C": set()}


def test_relations_are_taken_back():
    run(jsonl(row("A", related=["B", "C"], attached_to="B"), row("B"), row("C")))
    report = run(jsonl(row("A", related=["C"], attached_to=""), row("B"), row("C")))
    assert (report.updated, report.unchanged) == (1, 2)
    assert related() == {"A": {"C"}, "B": set(), "C": {"A"}}
    assert hosts()["A"] is None


def test_absent_columns_leave_the_links():
    run(jsonl(row("A", related=["B"], attached_to="B"), row("B")))
    assert run(jsonl(row("A"), row("B"))).unchanged == 2
    assert hosts()["A"] == "B"


def test_a_circle_with_what_is_in_the_archive():
    run(jsonl(row("A"), row("B", attached_to="A"), row("C", attached_to="B")))
    report = run(jsonl(row("A", attached_to="C")))
    assert said(report)[0][1] == "attached_to"
    assert "cannot stand under itself" in said(report)[0][2]
    assert hosts()["A"] is None


def test_turning_a_chain_round_is_no_circle():
    run(jsonl(row("A"), row("B", attached_to="A")))
    assert run(jsonl(row("A", attached_to="B"), row("B", attached_to=""))).updated == 2
    assert hosts() == {"A": "B", "B": None}


def test_a_document_is_not_related_to_itself():
    report = run(jsonl(row("A", related=["A"])))
    assert "cannot be related to itself" in said(report)[0][2]


def test_a_dry_run_counts_new_links():
    run(jsonl(row("A"), row("B")))
    rows = jsonl(row("A", related=["NEW"]), row("B", attached_to="A"), row("NEW"))
    dry = run(rows, dry_run=True)
    assert related() == {"A": set(), "B": set()}
    wet = run(rows)
    assert (dry.created, dry.updated, dry.unchanged) == (wet.created, wet.updated, wet.unchanged) == (1, 2, 0)


def test_a_code_of_figures_goes_before_a_record_id():
    numbered = make_document(reference_code="OLD")
    run(jsonl(row(str(numbered.record_id)), row("A", attached_to=str(numbered.record_id))))
    assert hosts()["A"] == str(numbered.record_id)


def test_many_rejected_rows_in_a_chain():
    rows = [row(f"N{n}", attached_to=f"N{n + 1}") for n in range(300)]
    rows.append(row("N300", date="1962-13"))
    report = run(jsonl(*rows))
    assert (report.created, report.rejected) == (0, 301)


# Collections


def titles() -> dict[str, str | None]:
    return dict(Collection.objects.values_list("title", "parent__title"))


def test_collections_with_parents_anywhere():
    rows = (
        "title,slug,parent,is_published,featured,order\n"
        "Mongolia,,East Asia,yes,no,2\n"
        "East Asia,east-asia,,yes,yes,1\n"
        "Japan,,east-asia,no,no,\n"
    )
    assert run(rows, CollectionImporter).created == 3
    assert titles() == {"Mongolia": "East Asia", "East Asia": None, "Japan": "East Asia"}
    east_asia = Collection.objects.get(slug="east-asia")
    assert (east_asia.featured, east_asia.is_published, east_asia.order) == (True, True, 1)
    assert run(rows, CollectionImporter).unchanged == 3
    assert run("title,parent\nEast Asia,Japan\n", CollectionImporter).rejected == 1


def test_a_parent_that_is_not_there():
    report = run("title,parent\nMongolia,East Asia\n", CollectionImporter)
    assert said(report)[0][:2] == (2, "parent")


def test_a_description_is_sanitised_and_compared_so():
    rows = jsonl({"title": "Mongolia", "description": "One\nTwo <b>x</b><script>y</script>"})
    run(rows, CollectionImporter)
    assert "<script>" not in Collection.objects.get().description
    assert run(rows, CollectionImporter).unchanged == 1
