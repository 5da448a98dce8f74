"""People and organisations come in with their variant names, and are known by slug or name."""

import pytest

from archive_site.collections.models import Collection
from interchange.collection_rows import CollectionImporter
from interchange.people import PeopleImporter
from people.models import Person
from tests.factories import make_person
from tests.interchange.importing import run, said

pytestmark = pytest.mark.django_db

ROWS = (
    "kind,name,sort_name,slug,date,variant_names,biography,wikidata\n"
    'person,Zhou Enlai,"Zhou, Enlai",,1898-1976,"周恩来 [chi, original]|Chou En-lai [wade-giles]|Chou",Premier of China.,Q17410\n'
    "organisation,Embassy in Japan,,embassy-tokyo,,,,\n"
)


def test_people_come_in():
    report = run(ROWS, PeopleImporter)
    assert report.created == 2, said(report)
    zhou = Person.objects.get(name="Zhou Enlai")
    assert (zhou.slug, zhou.sort_name, zhou.date_edtf, zhou.wikidata) == (
        "zhou-enlai",
        "Zhou, Enlai",
        "1898/1976",
        "Q17410",
    )
    assert zhou.biography == "<p>Premier of China.</p>"
    assert list(zhou.variant_names.values_list("name", "language", "scheme")) == [
        ("周恩来", "chi", "original"), ("Chou En-lai", "", "wade-giles"), ("Chou", "", ""),
    ]  # fmt: skip
    embassy = Person.objects.get(slug="embassy-tokyo")
    assert (embassy.kind, embassy.sort_name) == ("organisation", "Embassy in Japan")


def test_identifiers_elsewhere_come_in():
    assert run("name,wikidata,viaf,lcnaf\nZhou,Q17410,54940461,n79059734\n", PeopleImporter).created == 1
    zhou = Person.objects.get()
    assert (zhou.wikidata, zhou.viaf, zhou.lcnaf) == ("Q17410", "54940461", "n79059734")


def test_twice_is_once():
    run(ROWS, PeopleImporter)
    report = run(ROWS, PeopleImporter)
    assert (report.updated, report.unchanged) == (0, 2)


def test_variant_names_are_replaced():
    run(ROWS, PeopleImporter)
    assert run("name,variant_names\nzhou enlai,周恩來 [chi]\n", PeopleImporter).updated == 1
    zhou = Person.objects.get(slug="zhou-enlai")
    assert zhou.name == "Zhou Enlai"  # found in another spelling, not renamed
    assert list(zhou.variant_names.values_list("name", flat=True)) == ["周恩來"]


def test_a_slug_allows_another_name():
    make_person("Chou En-lai", [], slug="zhou-enlai")
    assert run("slug,name\nzhou-enlai,Zhou Enlai\n", PeopleImporter).updated == 1
    assert Person.objects.get().name == "Zhou Enlai"


def test_an_empty_name_beside_a_known_slug_says_nothing():
    make_person("Zhou Enlai", [], slug="zhou-enlai")
    report = run("slug,name,wikidata\nzhou-enlai,,Q17410\n", PeopleImporter)
    assert report.updated == 1, said(report)
    assert Person.objects.get().name == "Zhou Enlai"


def test_a_collection_needs_a_title():
    report = run("slug,title\nnn,\n", CollectionImporter)
    assert said(report) == [(2, "title", "is empty; every record needs one")]
    assert not Collection.objects.exists()


def test_an_empty_sort_name_is_the_name():
    run(ROWS, PeopleImporter)
    assert run("name,sort_name\nZhou Enlai,\n", PeopleImporter).updated == 1
    assert Person.objects.get(slug="zhou-enlai").sort_name == "Zhou Enlai"
    assert run("name,sort_name\nZhou Enlai,\n", PeopleImporter).unchanged == 1


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ("name\nChou En-lai", "name", "is another name of “Zhou Enlai”; write that name"),
        ("name\nOld Zhou", "name", "is another name of “Zhou Enlai”"),
        ("name,slug\nMao Zedong,zhou-enlai", "name", "is the name of another record, “mao-zedong”"),
        ("name,slug\nMao Zedong,the-chairman", "name", "has the slug “mao-zedong”; write that"),
        ("name,slug\nOld Zhou,old-zhou", "name", "“old-zhou” was merged into “Zhou Enlai”"),
        ("name,slug\nLin Biao,not a slug", "slug", "Enter a valid"),
        ("name,slug,kind\n,,person", "name", "is empty; every record needs one"),
        ("name,slug\n,nobody", "name", "is empty; every record needs one"),
        ("slug\nnobody", "name", "is missing; a new record needs one"),
        ("name,kind\nLin Biao,robot", "kind", "write one of person, organisation"),
        (
            "name,variant_names\nLin Biao,林彪 [martian]",
            "variant_names",
            "is neither a language code nor a scheme",
        ),
        ("name,wikidata\nLin Biao,http://www.wikidata.org/entity/Q1", "wikidata", "with its Q, as Q17410"),
        ("name,wikidata\nLin Biao,17410", "wikidata", "with its Q, as Q17410"),
        ("name,viaf\nLin Biao,viaf/54940461", "viaf", "the number alone, as 54940461"),
        ("name,lcnaf\nLin Biao,n 79059734", "lcnaf", "without spaces, as n79059734"),
        ("name,date\nLin Biao,Feb. 30 1956", "date", "29 days"),
    ],
)
def test_what_is_refused(row, column, message):
    zhou = make_person("Zhou Enlai", ["Chou En-lai"], slug="zhou-enlai")
    make_person("Mao Zedong", [], slug="mao-zedong")
    make_person("Old Zhou", [], merged_into=zhou)
    report = run(row + "\n", PeopleImporter)
    assert report.rejected == 1
    assert said(report)[0][1] == column
    assert message in said(report)[0][2]


def test_a_namesake_can_be_made_with_a_slug():
    make_person("Zhou Enlai", ["Chou En-lai"])
    assert run("name,slug\nChou En-lai,chou-en-lai-the-painter\n", PeopleImporter).created == 1


def test_two_rows_of_one_name():
    report = run("name\nLin Biao\nLIN BIAO\n", PeopleImporter)
    assert (report.created, report.rejected) == (1, 1)
    assert "row 2 is the same record" in said(report)[0][2]
