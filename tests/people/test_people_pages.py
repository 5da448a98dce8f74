"""People: the list from A to Z with its filters, and the page of each."""

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from documents.choices import Role, Status
from tests.factories import (
    image_bytes,
    make_curator,
    make_document,
    make_draft,
    make_organisation,
    make_person,
    take_part,
)
from tests.search.pages import links_of, text_of

pytestmark = pytest.mark.django_db


def names(client, query="") -> list[str]:
    response = client.get(f"/people/?{query}")
    assert response.status_code == 200
    return [name.record.name for name in response.context["listing"].names]


def test_everybody_by_the_name_they_are_filed_under(client):
    for name, sort_name in (
        ("Zhou Enlai", ""),
        ("Nikita Khrushchev", "Khrushchev, Nikita"),
        ("Ödön Kiss", "Kiss, Ödön"),
        ("Émile Arnaud", "Arnaud, Émile"),
    ):
        take_part(make_document(), make_person(name, sort_name=sort_name))
    assert names(client) == ["Émile Arnaud", "Nikita Khrushchev", "Ödön Kiss", "Zhou Enlai"]
    assert names(client, "letter=K") == ["Nikita Khrushchev", "Ödön Kiss"]
    text = text_of(client.get("/people/"))
    assert "Khrushchev, Nikita Никита Хрущёв" in text
    assert "周恩来" in text


def test_filters(client):
    zhou = make_person("Zhou Enlai", date="1898-03-05 to 1976-01-08")
    old = make_person("Old Man", (), date="1800-1850")
    for each in (zhou, old, make_person("No Dates", ()), make_organisation("Foreign Ministry")):
        take_part(make_document(), each)
    assert names(client, "kind=organisation") == ["Foreign Ministry"]
    assert names(client, "alive_from=1850&alive_to=1900") == ["Old Man", "Zhou Enlai"]
    assert names(client, "alive_from=1851&alive_to=1900") == ["Zhou Enlai"]
    assert names(client, "alive_to=1800") == ["Old Man"]
    assert "Nobody is like this." in text_of(client.get("/people/?kind=organisation&alive_from=1900"))
    assert len(names(client, "alive_from=99999&kind=ghost")) == 4
    assert "Not used:" in text_of(client.get("/people/?alive_from=x"))


def test_curators_alone_choose_those_with_documents(client):
    take_part(make_document(), "Zhou Enlai")
    make_person("Mao Zedong")
    assert "Only with documents" not in text_of(client.get("/people/"))
    client.force_login(make_curator())
    assert "Only with documents" in text_of(client.get("/people/"))
    assert names(client) == ["Mao Zedong", "Zhou Enlai"]
    assert names(client, "documents=on") == ["Zhou Enlai"]


def test_a_letter_that_nobody_has_is_told(client):
    take_part(make_document(), "Zhou Enlai")
    text = text_of(client.get("/people/?letter=ZZZ"))
    assert "No name here is filed under “ZZZ”" in text
    assert "Zhou Enlai" in text
    assert "No name here" not in text_of(client.get("/people/?letter=z"))
    assert "Kind: there is no “ghost” to choose here." in text_of(client.get("/people/?kind=ghost"))


def test_whom_only_a_draft_names_is_hidden(client):
    make_draft(people={Role.CREATOR: ["Zhou Enlai"]})
    make_document(people={Role.CREATOR: ["Mao Zedong"]})
    assert names(client) == ["Mao Zedong"]
    assert client.get("/people/zhou-enlai/").status_code == 404
    client.force_login(make_curator())
    assert names(client) == ["Mao Zedong", "Zhou Enlai"]


def test_whom_a_deleted_draft_named_stays_hidden(client):
    draft = make_draft(people={Role.CREATOR: ["Zhou Enlai"]})
    draft.delete()
    assert names(client) == []
    assert client.get("/people/zhou-enlai/").status_code == 404
    client.force_login(make_curator())
    assert names(client) == ["Zhou Enlai"]
    assert client.get("/people/zhou-enlai/").status_code == 200


def test_documents_are_counted_and_shown_by_role(client):
    zhou = make_person("Zhou Enlai")
    for number in range(12):
        make_document(f"Letter {number:02}", date=f"19{50 + number}", people={Role.CREATOR: [zhou]})
    both = make_document("Both", date="1949", people={Role.CREATOR: [zhou], Role.PRESENT: [zhou]})
    make_draft("Draft", people={Role.PRESENT: [zhou]})
    assert "13 documents" in text_of(client.get("/people/"))
    response = client.get("/people/zhou-enlai/")
    roles = {each["role"]: [d.title for d in each["documents"]] for each in response.context["roles"]}
    assert roles["creator"] == ["Both", *(f"Letter {number:02}" for number in range(9))]
    assert roles["present"] == ["Both"]
    text = text_of(response)
    assert "All 13" in text
    assert "Search in their 13 documents" in text
    assert "Draft" not in text
    assert "/search/?person=zhou-enlai" in links_of(response)
    chosen = client.get("/people/zhou-enlai/?role=creator")
    assert len(chosen.context["page"]) == 13
    assert [d.title for d in chosen.context["page"]][:2] == ["Both", "Letter 00"]
    assert client.get("/people/zhou-enlai/?role=nothing").status_code == 200
    assert both.is_public
    assert "Search in this 1 document" in text_of(client.get("/people/zhou-enlai/?role=present"))
    assert "Search in these 13 documents" in text_of(chosen)


def test_what_nobody_tells_of_is_not_offered_to_be_searched(client):
    zhou, mao = make_person("Zhou Enlai"), make_person("Mao Zedong")
    make_document(people={Role.CREATOR: [zhou]})
    make_document(people={Role.PRESENT: [mao]})
    response = client.get("/people/zhou-enlai/?with=mao-zedong")
    assert "No document that you may see tells of both as present." in text_of(response)
    assert response.context["total"] == 0
    assert "Search in th" not in text_of(response)


def test_names_in_all_scripts_with_their_language(client):
    nasser = make_person(
        "Gamal Abdel Nasser",
        wikidata="Q39524",
        viaf="97089165",
        lcnaf="n79100184",
        date="1918 - 1970",
        biography="President of Egypt.",
    )
    take_part(make_document(), nasser)
    response = client.get("/people/gamal-abdel-nasser/")
    html = response.content.decode()
    assert '<span class="name-other" lang="ar" dir="rtl">جمال عبد الناصر</span>' in html
    assert "President of Egypt." in html
    assert "1918 - 1970" in html
    links = links_of(response)
    assert "https://www.wikidata.org/wiki/Q39524" in links
    assert "https://viaf.org/viaf/97089165" in links
    assert "https://id.loc.gov/authorities/names/n79100184" in links


def test_a_merged_record_leads_to_the_one_that_stands_for_it(client):
    zhou = make_person("Zhou Enlai")
    take_part(make_document(), zhou)
    second = make_person("Chou En-lai", (), merged_into=zhou)
    make_person("Chou Enlai", (), merged_into=second)
    for slug in ("chou-en-lai", "chou-enlai"):
        response = client.get(f"/people/{slug}/")
        assert (response.status_code, response["Location"]) == (301, "/people/zhou-enlai/")
    assert names(client) == ["Zhou Enlai"]


def test_a_record_merged_into_a_hidden_one_is_not_found(client):
    hidden = make_person("Zhou Enlai")
    make_draft(people={Role.CREATOR: [hidden]})
    make_person("Chou En-lai", (), merged_into=hidden)
    assert client.get("/people/chou-en-lai/").status_code == 404


def test_records_merged_in_a_circle_end(client):
    first, second = make_person("First", ()), make_person("Second", ())
    type(first).objects.filter(pk=first.pk).update(merged_into=second)
    type(first).objects.filter(pk=second.pk).update(merged_into=first)
    assert client.get("/people/first/").status_code == 404


def test_a_portrait(client, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    zhou = make_person("Zhou Enlai", portrait_alt="At his desk")
    zhou.portrait.save("p.jpg", ContentFile(image_bytes("JPEG")))
    document = make_document(people={Role.CREATOR: [zhou]})
    assert (
        'src="/people/zhou-enlai/portrait" alt="At his desk"'
        in client.get("/people/zhou-enlai/").content.decode()
    )
    assert client.get("/people/zhou-enlai/portrait")["Content-Type"] == "image/jpeg"
    document.status = Status.DRAFT
    document.save()
    assert client.get("/people/zhou-enlai/portrait").status_code == 404


def test_somebody_whom_no_document_names_yet(client):
    make_person("Zhou Enlai")
    client.force_login(make_curator())
    assert "No document that you may see names them." in text_of(client.get("/people/zhou-enlai/"))


def test_queries_do_not_grow(client):
    zhou = make_person("Zhou Enlai")

    def grow(number: int) -> None:
        make_document(
            people={
                Role.CREATOR: [zhou],
                Role.MENTIONED: [make_person(f"Person {number}", (f"Name {number}",))],
            },
            transcripts=["rus"],
        )

    def asked() -> dict[str, int]:
        counts = {}
        for address in ("/people/", "/people/zhou-enlai/", "/people/zhou-enlai/?role=creator"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts[address] = len(queries)
        return counts

    grow(0)
    grow(1)
    few = asked()
    for number in range(2, 14):
        grow(number)
    assert asked() == few
    assert max(few.values()) <= 16


@pytest.mark.parametrize(
    ("date", "told"), [("", "Dean Rusk in the"), ("1909-1994", "Dean Rusk (1909-1994) in the")]
)
def test_the_description_names_the_dates_that_are_known(client, date, told):
    rusk = make_person("Dean Rusk", (), date=date)
    take_part(make_document(), rusk)
    assert (
        f'name="description" content="{told} documents'
        in client.get(rusk.get_absolute_url()).content.decode()
    )
