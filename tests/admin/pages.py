"""Filling in the admin's forms as a browser does: what stands in the page is what is sent."""

from html.parser import HTMLParser
from typing import Any

from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.factories import make_user


class _FormReader(HTMLParser):
    """The values of the one form with this id, by field name."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id, self.inside = form_id, False
        self.values: dict[str, Any] = {}
        self.textarea = self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.inside = given.get("id") == self.form_id
        if not self.inside:
            return
        name, kind = given.get("name") or "", given.get("type", "text")
        if tag == "input" and name and kind not in ("submit", "file"):
            if kind not in ("checkbox", "radio") or "checked" in given:
                self.values[name] = given.get("value") or ("on" if kind == "checkbox" else "")
        elif tag == "textarea":
            self.textarea = name
            self.values[name] = ""
        elif tag == "select":
            self.select = name
            self.values[name] = [] if "multiple" in given else ""
        elif tag == "option" and self.select and "selected" in given:
            if isinstance(self.values[self.select], list):
                self.values[self.select].append(given.get("value") or "")
            else:
                self.values[self.select] = given.get("value") or ""

    def handle_data(self, text: str) -> None:
        if self.inside and self.textarea:
            self.values[self.textarea] += text

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "textarea" and self.textarea:
            # A browser drops the first line end, and sends line ends as the network has them.
            text = self.values[self.textarea].removeprefix("\r").removeprefix("\n")
            self.values[self.textarea] = text.replace("\r\n", "\n").replace("\n", "\r\n")
            self.textarea = ""
        elif tag == "select":
            self.select = ""


def fields_of(response: HttpResponse, form_id: str) -> dict[str, Any]:
    """What the form on the page would send, untouched; without the blank rows that scripts copy."""
    reader = _FormReader(form_id)
    reader.feed(response.content.decode())
    return {name: value for name, value in reader.values.items() if "__prefix__" not in name}


def address(record: Any, page: str = "change") -> str:
    """The admin page of a record, or of a kind of records for "add" and "changelist"."""
    opts = record._meta
    name = f"admin:{opts.app_label}_{opts.model_name}_{page}"
    return reverse(name) if page in ("add", "changelist") else reverse(name, args=[record.pk])


def open_form(client: Client, record: Any, page: str = "change") -> dict[str, Any]:
    """The fields of the record's page as they stand."""
    response = client.get(address(record, page))
    assert response.status_code == 200, response
    fields = fields_of(response, f"{record._meta.model_name}_form")
    assert "csrfmiddlewaretoken" in fields
    return fields


def send(
    client: Client, record: Any, fields: dict[str, Any], page: str = "change", **changes: Any
) -> HttpResponse:
    """Send the form with these changes."""
    return client.post(address(record, page), {**fields, **changes, "_continue": "Save"})


def add_row(fields: dict[str, Any], prefix: str, **values: Any) -> int:
    """Add a row to an inline, as the button does; answers its number."""
    number = int(fields[f"{prefix}-TOTAL_FORMS"])
    fields[f"{prefix}-TOTAL_FORMS"] = str(number + 1)
    for name, value in values.items():
        fields[f"{prefix}-{number}-{name}"] = value
    return number


def complaints(response: HttpResponse) -> str:
    """Every error on the page, in one text; empty when the form was taken."""
    if response.status_code == 302:
        return ""
    assert response.status_code == 200, response
    return " ".join(str(errors) for errors in response.context["errors"])


def saved(response: HttpResponse) -> None:
    """Asserts that the form was taken."""
    assert response.status_code == 302, complaints(response)


def logged_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def with_role(role: str) -> Any:
    """A member of the staff with one of the roles that the migration made."""
    user = make_user(is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user
