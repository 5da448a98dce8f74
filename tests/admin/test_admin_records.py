"""People, collections, themes and authority lists: forms opened, filled in and sent."""

from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from archive_site.collections.models import Collection
from documents.models import (
    Classification,
    DocumentType,
    Donor,
    PageImages,
    Place,
    Publisher,
    RecordCounter,
    Repository,
    Right,
    Subject,
)
from people.models import Person
from tests.admin.pages import add_row, address, complaints, open_form, saved, send
from tests.factories import (
    image_bytes,
    make_collection,
    make_document,
    make_draft,
    make_person,
    make_place,
    make_theme,
    pdf_bytes,
)
from themes.models import Theme

pytestmark = pytest.mark.django_db


def test_every_field_of_a_curator_has_a_help_text() -> None:
    made_by_machines = {PageImages, RecordCounter}
    models = [
        model
        for app in ("people", "collections", "documents", "themes")
        for model in apps.get_app_config(app).get_models()
        if model not in made_by_machines
    ]
    silent = [
        f"{model.__name__}.{field.name}"
        for model in models
        for field in (*model._meta.fields, *model._meta.many_to_many)
        if field.editable and not field.auto_created and not field.help_text
    ]
    assert len(models) > 15
    assert silent == []


def test_a_person_is_added_with_variant_names_and_a_portrait(curator: Client, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    fields = open_form(curator, Person, "add")
    add_row(fields, "variant_names", name="周恩来", language="chi", scheme="original")
    add_row(fields, "variant_names", name="Chou En-lai", language="Chinese", scheme="wade-giles")
    response = send(
        curator, Person, fields, "add",
        name="Zhou Enlai", date_display="1898-1976", biography="Premier.\nForeign minister.",
        portrait=SimpleUploadedFile("zhou.png", image_bytes("PNG")), portrait_alt="At his desk",
    )  # fmt: skip
    saved(response)
    person = Person.objects.get(name="Zhou Enlai")
    assert [(v.name, v.language) for v in person.variant_names.all()] == [
        ("周恩来", "chi"),
        ("Chou En-lai", "chi"),
    ]
    assert person.biography == "<p>Premier.</p>\n<p>Foreign minister.</p>"
    assert person.date_edtf == "1898/1976"
    assert person.portrait
    assert person.slug == "zhou-enlai"
    fields = open_form(curator, person)
    assert fields["biography"] == "Premier.\r\n\r\nForeign minister."
    assert "slug" not in fields
    page = curator.get(address(person)).content.decode()
    assert f'<a href="{reverse("people:portrait", args=[person.slug])}">zhou.png</a>' in page
    saved(send(curator, person, fields, name="Zhou En-lai"))
    person.refresh_from_db()
    assert (person.slug, person.sort_name) == ("zhou-enlai", "Zhou Enlai")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.svg", SVG),
        ("x.png", SVG),
        ("x.png", b"<html></html>"),
        ("x.png", image_bytes("PNG")[:50]),
        ("x.pdf", pdf_bytes()),
    ],
)
def test_a_portrait_that_is_no_picture_is_refused(
    curator: Client, settings, tmp_path, name: str, content: bytes
) -> None:
    settings.MEDIA_ROOT = tmp_path
    records: tuple[tuple[Any, str], ...] = (
        (make_person(), "portrait"), (make_collection(), "image"), (make_theme(), "image"),
    )  # fmt: skip
    for record, field in records:
        upload = SimpleUploadedFile(name, content)
        assert complaints(send(curator, record, open_form(curator, record), **{field: upload}))
    assert not list(tmp_path.rglob("*.*"))


def test_a_collection_is_added_and_cannot_be_part_of_its_own_part(editor: Client) -> None:
    fields = open_form(editor, Collection, "add")
    response = send(
        editor,
        Collection,
        fields,
        "add",
        title="Border",
        description="On the <b>border</b>.<script>x</script>",
        order="1",
    )
    saved(response)
    top = Collection.objects.get(title="Border")
    assert top.description == "<p>On the <b>border</b>.</p>"
    below = make_collection(parent=top)
    assert "own parts" in complaints(send(editor, top, open_form(editor, top), parent=below.pk))


def test_a_theme_is_added_with_its_timeline(editor: Client) -> None:
    collection, document = make_collection(), make_document()
    fields = open_form(editor, Theme, "add")
    add_row(
        fields,
        "entries",
        date_display="May 1946",
        title="A treaty",
        text="Signed.",
        document=str(document.pk),
    )
    add_row(fields, "entries", date_display="circa 1945", title="A war ends", text="", document="")
    response = send(
        editor,
        Theme,
        fields,
        "add",
        title="Two neighbours",
        essay="One.\nTwo.",
        collections=[collection.pk],
        order="0",
    )
    saved(response)
    theme = Theme.objects.get()
    assert [(entry.title, entry.date_edtf) for entry in theme.entries.all()] == [
        ("A war ends", "1945~"),
        ("A treaty", "1946-05"),
    ]
    page = editor.get(address(theme)).content.decode()
    assert "Read as: May 1946 (1946-05-01 to 1946-05-31)" in page
    fields = open_form(editor, theme)
    fields["entries-0-date_display"] = "1962-13"
    assert "no month 13" in complaints(send(editor, theme, fields))


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (Place, {"name": "Beijing", "latitude": "39.9042", "longitude": "116.4074"}),
        (Subject, {"name": "Border treaties"}),
        (
            Repository,
            {"name": "Foreign Ministry Archive", "short_name": "FMA", "description": "Open by letter."},
        ),
        (Publisher, {"name": "Xinhua", "url": "https://example.org/"}),
        (Donor, {"name": "A foundation"}),
        (Right, {"name": "Public domain", "statement": "May be used freely."}),
        (DocumentType, {"name": "Telegram"}),
        (Classification, {"name": "Secret", "order": "3"}),
    ],
)
def test_an_authority_record_is_added_and_changed(
    curator: Client, model: type, values: dict[str, str]
) -> None:
    saved(send(curator, model, open_form(curator, model, "add"), "add", **values))
    record = model.objects.get()
    assert record.slug
    saved(send(curator, record, open_form(curator, record), name="Another name"))
    record.refresh_from_db()
    assert record.name == "Another name"
    listed = curator.get(address(model, "changelist"), {"q": "another"})
    assert "Another name" in listed.content.decode()


def test_a_place_beyond_the_poles_is_refused(curator: Client) -> None:
    place = make_place("Beijing")
    assert complaints(send(curator, place, open_form(curator, place), latitude="91"))


def test_coordinates_are_taken_as_a_map_gives_them(curator: Client) -> None:
    fields = open_form(curator, Place, "add")
    pasted = {"latitude": "39.9042004", "longitude": "116.40739631"}
    saved(send(curator, Place, fields, "add", name="Beijing", **pasted))
    place = Place.objects.get()
    assert (str(place.latitude), str(place.longitude)) == ("39.90420", "116.40740")
    for wrong in ("NaN", "Infinity", "1e99", "x"):
        assert complaints(send(curator, Place, fields, "add", name="Nowhere", latitude=wrong, longitude="1"))


@pytest.mark.parametrize(("given", "missing"), [("latitude", "longitude"), ("longitude", "latitude")])
def test_half_a_place_on_the_map_is_refused(curator: Client, given: str, missing: str) -> None:
    refused = send(curator, Place, open_form(curator, Place, "add"), "add", name="Beijing", **{given: "39.9"})
    assert "A place on the map has both" in str(refused.context["adminform"].errors[missing])


def test_the_list_of_languages_is_offered(curator: Client, client: Client) -> None:
    languages = curator.get(reverse("admin:languages")).json()["languages"]
    assert ["chi", "Chinese", "zh"] in languages
    assert len(languages) > 400
    assert client.get(reverse("admin:languages")).status_code == 302


def test_every_page_carries_the_archive_s_name(client: Client, curator: Client, settings) -> None:
    for page in (client.get(reverse("admin:login")), curator.get(reverse("admin:index"))):
        text = page.content.decode()
        assert settings.SITE_NAME in text
        assert "archive-admin.css" in text
        assert "Django administration" not in text


def test_people_who_want_looking_at_are_listed(curator: Client) -> None:
    used, unused = make_person("Used", ["Another name"]), make_person("Unused", [])
    make_document(people={"creator": [used]})
    merged = make_person("Merged", ["Somebody"], merged_into=used)
    for value, people in (("unused", {unused, merged}), ("one-name", {unused}), ("merged", {merged})):
        listed = curator.get(address(Person, "changelist"), {"record": value})
        assert set(listed.context["cl"].result_list) == people, value


@pytest.mark.parametrize(
    ("make", "field", "another"),
    [
        (lambda: make_person("Zhou Enlai"), "name", "ZHOU  Enlai"),
        (lambda: make_place("Côte d’Ivoire"), "name", "côte d'ivoire"),
        (lambda: make_collection("Sino-Japanese Relations"), "title", "Sino\u2013Japanese relations"),
    ],
)
def test_another_spelling_makes_no_other_record(curator: Client, make: Any, field: str, another: str) -> None:
    record = make()
    model = type(record)
    refused = send(curator, model, open_form(curator, model, "add"), "add", **{field: another})
    assert f"“{getattr(record, field)}” is there already; capitals, spaces" in complaints(refused)
    assert model.objects.count() == 1
    # Its own spelling may be corrected.
    saved(send(curator, record, open_form(curator, record), **{field: another}))


def test_control_characters_are_left_out_of_what_is_typed(editor: Client) -> None:
    document = make_draft()
    fields = open_form(editor, document)
    hidden = {"title": "Tele\x02gram\u202e", "summary": "One\x1b\ttwo\r\nthree", "date_display": "1946\u202e"}
    add_row(
        fields, "texts", kind="transcript", language="eng", direction="", order="0", content="Bei\x02jing"
    )
    saved(send(editor, document, fields, **hidden))
    document.refresh_from_db()
    assert (document.title, document.summary) == ("Telegram", "One\ttwo\nthree")
    assert (document.date_display, document.date_edtf) == ("1946", "1946")
    assert document.texts.get().content == "<p>Beijing</p>"
