"""Documents come in whole, once, and only what changed is written again."""

import datetime

import pytest

from archive_site.collections.models import Collection
from documents.choices import Status
from documents.models import Document, Participation, Place, Repository, Text
from documents.numbers import reserve_record_ids
from people.choices import PersonKind
from people.models import Person
from tests.factories import make_document, make_draft, make_person, make_repository
from tests.interchange.importing import jsonl, run, said

pytestmark = pytest.mark.django_db

WHOLE = {
    "reference_code": "A1",
    "title": "Record of a conversation with Zhou Enlai",
    "date": "May 06, 1946",
    "summary": "They speak of fishing rights.",
    "types": ["Record of conversation"],
    "languages": ["chi", "English"],
    "collections": ["Sino-Japanese Relations", "East Asia"],
    "creators": ["Zhou Enlai"],
    "addressees": ["Mao Zedong", "Lin Biao"],
    "present": ["Ji Pengfei"],
    "mentioned": ["Tanaka Kakuei", "Zhou Enlai"],
    "contributors": ["Li Danhui"],
    "places": ["Beijing", "Tokyo"],
    "subjects": ["Fishing rights"],
    "repository": "Foreign Ministry Archive",
    "archival_reference": "203-00001-01",
    "source_note": "Obtained in 2004.",
    "translator_credit": "Translated by an unknown hand.",
    "classification": "Secret",
    "declassification_authority": "The ministry",
    "declassification_date": "May 2004",
    "withheld": "Two names.",
    "rights": ["Public domain"],
    "publishers": ["A publisher"],
    "donors": ["A donor"],
    "status": "published",
    "public_from": "2020-01-01",
    "first_published": "2019-12-31T12:00:00+00:00",
    "transcript.chi-Hans": "第一段\n第二段",
    "translation.eng": "First paragraph\nSecond paragraph",
    "translation.eng.credit": "Somebody",
    "translation.eng.2": "Another translation",
}


def the_document(code: str = "A1") -> Document:
    return Document.objects.get(reference_code=code)


def test_everything_comes_in():
    report = run(jsonl(WHOLE))
    assert (report.created, report.rejected) == (1, 0), said(report)
    document = the_document()
    assert document.title == WHOLE["title"]
    assert (document.date_display, document.date_edtf) == ("May 06, 1946", "1946-05-06")
    assert document.date_earliest == document.date_sort == datetime.date(1946, 5, 6)
    for name in ("types", "collections", "places", "subjects", "rights", "publishers", "donors"):
        assert sorted(str(term) for term in getattr(document, name).all()) == sorted(WHOLE[name]), name
    assert sorted(document.languages.values_list("code", flat=True)) == ["chi", "eng"]
    assert document.repository.name == "Foreign Ministry Archive"
    assert document.classification.name == "Secret"
    for name in ("summary", "archival_reference", "source_note", "translator_credit", "withheld",
                 "declassification_authority", "declassification_date"):  # fmt: skip
        assert getattr(document, name) == WHOLE[name], name
    assert document.status == Status.PUBLISHED
    assert document.public_from == datetime.date(2020, 1, 1)
    assert document.first_published == datetime.datetime(2019, 12, 31, 12, tzinfo=datetime.UTC)
    roles = [(p.role, p.person.name, p.order) for p in document.participations.all()]
    assert roles == [
        ("addressee", "Mao Zedong", 0),
        ("addressee", "Lin Biao", 1),
        ("contributor", "Li Danhui", 0),
        ("creator", "Zhou Enlai", 0),
        ("mentioned", "Tanaka Kakuei", 0),
        ("mentioned", "Zhou Enlai", 1),
        ("present", "Ji Pengfei", 0),
    ]
    texts = [(t.kind, t.language, t.script, t.content, t.credit) for t in document.texts.all()]
    assert texts == [
        ("transcript", "chi", "Hans", "<p>第一段</p>\n<p>第二段</p>", ""),
        ("translation", "eng", "", "<p>First paragraph</p>\n<p>Second paragraph</p>", "Somebody"),
        ("translation", "eng", "", "<p>Another translation</p>", ""),
    ]
    assert report.new_terms == {
        "document types": 1, "collections": 2, "places": 2, "subjects": 1, "archives": 1, "classifications": 1,
        "rights statements": 1, "publishers": 1, "donors": 1, "people and organisations": 6,
    }  # fmt: skip


def test_twice_is_once():
    rows = jsonl(WHOLE, {"reference_code": "A2", "title": "Telegram", "date": "circa 1955"})
    assert run(rows).created == 2
    before = list(Document.objects.order_by("pk").values())
    report = run(rows)
    assert (report.created, report.updated, report.unchanged) == (0, 0, 2)
    assert report.lines() == ["documents: 2 unchanged."]
    assert list(Document.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("title", "Another title"),
        ("date", "circa 1947"),
        ("summary", ""),
        ("types", ["Telegram"]),
        ("languages", []),
        ("collections", ["East Asia"]),
        ("creators", ["Zhou Enlai", "Mao Zedong"]),
        ("addressees", ["Lin Biao", "Mao Zedong"]),
        ("present", []),
        ("places", ["Beijing", "Seoul"]),
        ("repository", "Another Archive"),
        ("classification", ""),
        ("status", "draft"),
        ("public_from", "2021-02-03"),
        ("transcript.chi-Hans", "只有一段"),
        ("translation.eng.credit", "Somebody else"),
        ("translation.eng.2", ""),
        ("translation.ger", "Ein Absatz"),
    ],
)
def test_one_change_is_one_update(column, value):
    run(jsonl(WHOLE))
    changed = {**WHOLE, column: value}
    others = {"reference_code": "A2", "title": "Telegram"}
    report = run(jsonl(changed, others))
    assert (report.created, report.updated, report.unchanged) == (1, 1, 0)
    report = run(jsonl(changed, others))
    assert (report.updated, report.unchanged) == (0, 2)


def test_a_change_is_written_where_it_belongs():
    run(jsonl(WHOLE))
    run(
        jsonl(
            {
                **WHOLE,
                "addressees": ["Lin Biao"],
                "places": ["Seoul"],
                "transcript.chi-Hans": "只有一段",
                "translation.eng.2": "",
            }
        )
    )
    document = the_document()
    assert [p.person.name for p in document.participations.filter(role="addressee")] == ["Lin Biao"]
    assert document.participations.filter(role="creator").count() == 1
    assert [place.name for place in document.places.all()] == ["Seoul"]
    assert [text.content for text in document.texts.all()] == [
        "<p>只有一段</p>", "<p>First paragraph</p>\n<p>Second paragraph</p>",
    ]  # fmt: skip


def test_columns_that_are_absent_leave_what_stands():
    run(jsonl(WHOLE))
    report = run("reference_code,title\nA1,Another title\n")
    assert report.updated == 1
    document = the_document()
    assert (document.title, document.summary) == ("Another title", WHOLE["summary"])
    assert document.participations.count() == 7
    assert document.texts.count() == 3


def test_empty_cells_clear():
    run(jsonl(WHOLE))
    run("reference_code,date,summary,creators,repository,places,public_from,status\nA1,,,,,,,\n")
    document = the_document()
    assert (document.date_display, document.date_edtf, document.summary) == ("", "", "")
    assert not document.participations.filter(role="creator").exists()
    assert document.repository is None
    assert not document.places.exists()
    assert document.public_from is None
    assert document.status == Status.PUBLISHED  # a status there must be: an empty cell leaves it


def test_a_text_with_a_file_outlives_its_words():
    document = make_document(reference_code="A1")
    text = Text.objects.create(
        document=document, kind="transcript", language="rus", content="<p>x</p>", file="texts/a.pdf"
    )
    run("reference_code,transcript.rus\nA1,\n")
    text.refresh_from_db()
    assert (text.content, text.file.name) == ("", "texts/a.pdf")


def test_a_credit_alone_makes_no_text():
    report = run("reference_code,title,transcript.rus,transcript.rus.credit\nA1,Telegram,,Somebody\n")
    assert report.created == 1
    assert not Text.objects.exists()


def test_texts_are_sanitised():
    run(
        jsonl(
            {"reference_code": "A1", "title": "T", "transcript.eng": "<p>Good<script>alert(1)</script></p>"}
        )
    )
    assert Text.objects.get().content == "<p>Good</p>"


# Identity


def test_record_ids_come_with_the_file_or_are_given():
    run("record_id,reference_code,title\n,A1,First\n7,A2,Second\n,A3,Third\n")
    ids = dict(Document.objects.values_list("reference_code", "record_id"))
    assert ids["A2"] == 7
    assert len(set(ids.values())) == 3
    assert reserve_record_ids(1)[0] > max(ids.values())


def test_a_record_is_found_by_its_record_id():
    document = make_document(reference_code=None)
    report = run(f"record_id,reference_code,title\n{document.record_id},NEW-1,Another title\n")
    assert report.updated == 1
    document.refresh_from_db()
    assert (document.reference_code, document.title) == ("NEW-1", "Another title")


def test_a_record_id_never_changes():
    document = make_document(reference_code="A1")
    report = run(f"record_id,reference_code,title\n{document.record_id + 5},A1,T\n")
    assert said(report) == [
        (2, "reference_code", f"belongs to record {document.record_id}, not to {document.record_id + 5}; correct record_id, or leave it empty")
    ]  # fmt: skip


def test_one_record_named_in_two_ways_is_one():
    document = make_document(reference_code="A1")
    report = run(f"record_id,reference_code,title\n,A1,First\n{document.record_id},,Second\n")
    assert (report.updated, report.rejected) == (1, 1)
    assert "row 2 is the same record" in said(report)[0][2]


def test_a_record_id_that_would_use_up_the_numbers():
    assert "up to nine figures" in said(run("record_id,title\n9999999999,T\n"))[0][2]


def test_an_empty_code_does_not_clear_the_code():
    document = make_document(reference_code="A1")
    run(f"record_id,reference_code,title\n{document.record_id},,Another\n")
    document.refresh_from_db()
    assert document.reference_code == "A1"


# Dates


def test_unread_dates_are_kept_when_asked():
    rows = "reference_code,title,date\nA1,T,January 6\nA2,U,1955\n"
    assert said(run(rows))[0][:2] == (2, "date")
    report = run(rows, keep_unread_dates=True)
    assert (report.created, report.unchanged, report.unread_dates) == (1, 1, 1)
    document = the_document()
    assert (document.date_display, document.date_certainty) == ("January 6", "unread")
    assert document.date_earliest is None
    again = run(rows, keep_unread_dates=True)
    assert again.unchanged == 2
    # A curator has it to settle already; the row is no new problem.
    assert run(rows).unchanged == 2


def test_an_unread_date_that_can_be_read_now():
    run("reference_code,title,date\nA1,T,January 6\n", keep_unread_dates=True)
    assert run("reference_code,title,date\nA1,T,January 6 1956\n").updated == 1
    assert the_document().date_edtf == "1956-01-06"


@pytest.mark.parametrize(("order", "edtf"), [("dmy", "1946-06-05"), ("mdy", "1946-05-06")])
def test_numeric_dates_in_the_order_of_the_file(order, edtf):
    rows = "reference_code,title,date\nA1,T,05/06/1946\nA2,U,31 December 1956\n"
    mapping = f'date_order = "{order}"\n'
    assert run(rows, mapping=mapping).created == 2
    assert the_document().date_edtf == edtf
    assert the_document("A2").date_display == "31 December 1956"
    # Kept in words that are clear without the mapping.
    document = the_document()
    document.read_date_again()
    assert document.date_edtf == edtf
    assert run(rows, mapping=mapping).unchanged == 2


# Status


def test_new_documents_are_drafts_unless_said_otherwise():
    run("reference_code,title,collections\nA1,T,Papers\n")
    assert the_document().status == Status.DRAFT
    assert not Collection.objects.get().is_published


def test_published_from_the_start():
    run("reference_code,title,status,collections\nA1,T,,Papers\nA2,T,draft,\n", status="published")
    assert the_document().is_public
    assert the_document().first_published is not None
    assert the_document("A2").status == Status.DRAFT
    assert Collection.objects.get().is_published


def test_a_withdrawal_is_asked_what_the_admin_asks():
    make_document(reference_code="A1")
    make_draft(reference_code="A2")
    rows = "reference_code,title,status,withdrawal_note\nA1,T,withdrawn,\nA2,T,withdrawn,Given back.\nA3,T,withdrawn,\n"
    report = run(rows)
    assert [(row, column) for row, column, _message in said(report)] == [
        (2, "withdrawal_note"), (3, "status"), (4, "withdrawal_note"), (4, "status"),
    ]  # fmt: skip
    assert run("reference_code,status,withdrawal_note\nA1,withdrawn,Given back.\n").updated == 1
    assert the_document().status == Status.WITHDRAWN
    assert run("reference_code,status\nA1,withdrawn\n").unchanged == 1


def test_the_report_says_how_many_of_the_new_records_are_drafts():
    run("reference_code,title\nA1,T\n")
    rows = "reference_code,title,status\nA1,Again,\nA2,T,\nA3,T,published\nA4,T,draft\n"
    dry = run(rows, dry_run=True)
    report = run(rows)
    assert (dry.drafts, report.drafts) == (2, 2)
    assert report.lines()[1].startswith("2 of the new records are drafts")
    assert run(rows).drafts == 0
    assert run("reference_code,title\nB1,T\n", status="published").drafts == 0


def test_the_default_status_changes_no_old_record():
    make_draft(reference_code="A1", title="T")
    assert run("reference_code,title\nA1,T\n", status="published").unchanged == 1


# Names


def test_one_spelling_is_one_record():
    rows = jsonl(
        {"reference_code": "A1", "title": "T", "creators": ["Zhou  Enlai"], "places": ["Port Arthur"]},
        {"reference_code": "A2", "title": "T", "creators": ["ZHOU ENLAI,"], "places": ["port arthur"]},
        {"reference_code": "A3", "title": "T", "creators": ["Ｚｈｏｕ Enlai", "zhou enlai"], "places": [" Port\u00a0Arthur "]},
    )  # fmt: skip
    report = run(rows)
    assert report.created == 3, said(report)
    assert [person.name for person in Person.objects.all()] == ["Zhou Enlai"]
    assert [place.name for place in Place.objects.all()] == ["Port Arthur"]
    assert Participation.objects.count() == 3


def test_people_are_found_by_every_name():
    zhou = make_person("Zhou Enlai", ["周恩来", "Chou En-lai"], slug="zhou-enlai")
    old = make_person("Chou Enlai", [], merged_into=zhou)
    names = ["Zhou Enlai", "周恩来", "chou en-lai", "zhou-enlai", old.name]
    run(
        jsonl(
            *({"reference_code": f"A{n}", "title": "T", "creators": [name]} for n, name in enumerate(names))
        )
    )
    assert set(Participation.objects.values_list("person", flat=True)) == {zhou.pk}
    assert Participation.objects.count() == 5


def test_a_name_of_two_people_is_refused():
    make_person("Lyndon Johnson", ["Johnson"])
    make_person("U. Alexis Johnson", ["Johnson"])
    report = run("reference_code,title,creators\nA1,T,Johnson\n")
    assert said(report) == [
        (2, "creators", "“Johnson” may be “Lyndon Johnson” or “U. Alexis Johnson”; write one of these names")
    ]


def test_an_authorised_name_goes_before_a_variant():
    make_person("Lyndon Johnson", ["Johnson"])
    plain = make_person("Johnson", [])
    run("reference_code,title,creators\nA1,T,Johnson\n")
    assert Participation.objects.get().person == plain


def test_archives_are_found_by_their_short_name():
    archive = make_repository("Archive of Foreign Policy", short_name="AVPRF")
    run("reference_code,title,repository\nA1,T,avprf\n")
    assert the_document().repository == archive
    assert Repository.objects.count() == 1


def test_unknown_names_can_be_refused():
    make_person("Zhou Enlai", [])
    rows = "reference_code,title,creators,places\nA1,T,Zhou Enlai,\nA2,U,Zhou Enlai,Beijing\n"
    report = run(rows, unknown_terms="error")
    assert (report.created, report.rejected) == (1, 1)
    assert said(report) == [
        (3, "places", "“Beijing” is not among the archive's records of the kind “place”; correct the spelling, or add it first")
    ]  # fmt: skip
    assert not Place.objects.exists()


def test_rejected_rows_leave_no_names_behind():
    run("reference_code,title,date,creators\nA1,T,1962-13,Nobody\nA2,U,1955,Somebody\n")
    assert [person.name for person in Person.objects.all()] == ["Somebody"]


def test_new_names_get_slugs_of_their_own():
    make_person("Mao Zedong", [], slug="mao")
    run(
        jsonl(
            {"reference_code": "A1", "title": "T", "creators": ["mao", "Máo"], "subjects": ["日中関係", "?!"]}
        )
    )
    document = the_document()
    # "Mao" is the slug's own record; "Máo" is spelled otherwise.
    assert [p.person.slug for p in document.participations.all()] == ["mao", "mao-2"]
    assert all(document.subjects.values_list("slug", flat=True))


def test_organisations_by_pattern():
    mapping = 'organisations = ["Embassy*", "Department of *"]\n'
    run("reference_code,title,creators\nA1,T,Embassy in Japan|Dean Rusk\n", mapping=mapping)
    kinds = dict(Person.objects.values_list("name", "kind"))
    assert kinds == {"Embassy in Japan": PersonKind.ORGANISATION, "Dean Rusk": PersonKind.PERSON}


# Dry runs and notices


def test_a_dry_run_says_the_same_and_keeps_nothing():
    make_document(reference_code="OLD", title="Old", date="1955")
    rows = jsonl(WHOLE, {"reference_code": "OLD", "title": "New"}, {"reference_code": "BAD", "title": ""})
    before = list(Document.objects.values())
    dry = run(rows, dry_run=True)
    assert list(Document.objects.values()) == before
    assert not Person.objects.exists()
    wet = run(rows)
    for count in ("rows", "created", "updated", "unchanged", "rejected", "new_terms"):
        assert getattr(dry, count) == getattr(wet, count), count
    assert dry.lines()[-1] == "This was a dry run: nothing was kept."


def test_columns_that_nobody_knows_are_told_under_a_mapping():
    report = run(
        "code,title,shelf,n\nA1,T,x,1\n", mapping='ignore = ["n"]\n[columns]\nreference_code = "code"\n'
    )
    assert report.created == 1
    assert report.notices == ["Columns of the file that are not imported: shelf."]


def test_progress_is_told():
    steps = []
    run("reference_code,title\n" + "".join(f"A{n},T\n" for n in range(600)), on_progress=steps.append)
    assert steps[0].stage == "checking"
    assert steps[-1].stage == "writing"
    assert steps[-1].done == steps[-1].total == 600


def test_the_number_of_queries_does_not_grow_with_the_rows(django_assert_max_num_queries):
    def rows(count: int) -> str:
        return jsonl(*({**WHOLE, "reference_code": f"Q{count}-{n}"} for n in range(count)))

    run(rows(1))
    with django_assert_max_num_queries(60):
        assert run(rows(100)).created == 100
    with django_assert_max_num_queries(40):
        assert run(rows(100)).unchanged == 100
