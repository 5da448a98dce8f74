"""Forms of documents, their texts and scans, as curators fill them in."""

from decimal import InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.choices import Status
from documents.models import Document
from records.forms import LineField, RecordForm, examine_upload
from records.uploads import PDF, FileFacts


class DocumentForm(RecordForm):
    """A document. Who may not publish does not have the status among the fields at all."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        withdrawn = cleaned.get("status") == Status.WITHDRAWN
        if withdrawn and "withdrawal_note" in self.fields and not cleaned.get("withdrawal_note"):
            self.add_error(
                "withdrawal_note",
                _(
                    "Say in a sentence why it was withdrawn, and what stands in its place; readers will see it."
                ),
            )
        if withdrawn and self.instance.first_published is None:
            self.add_error("status", _("It was never public: leave it a draft, or publish it first."))
        if self.instance.pk:
            self._refuse_circles(cleaned)
        return cleaned

    def _refuse_circles(self, cleaned: dict[str, Any]) -> None:
        """As an import does: what an export wrote of such a record would not come in again."""
        if self.instance in cleaned.get("related", ()):
            self.add_error("related", _("A document cannot be related to itself; choose another."))
        passed: list[Document] = []
        host: Document | None = cleaned.get("attached_to")
        while host is not None and host not in passed:
            passed.append(host)
            host = host.attached_to
        if self.instance in passed:
            self.add_error(
                "attached_to",
                _("A document cannot be attached to itself or to what is attached to it; choose another."),
            )


class TextForm(RecordForm):
    """A transcript or a translation. Its field runs as its script does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "content" in self.fields:
            attrs = self.fields["content"].widget.attrs
            attrs["dir"] = self.instance.dir
            if self.instance.lang:
                attrs["lang"] = self.instance.lang

    def file_address(self, name: str) -> str:
        if not self.instance.file:
            return ""
        return reverse("documents:text_file", args=[self.instance.document.record_id, self.instance.pk])

    def clean_script(self) -> str:
        """A page prints it in ``lang``, and it decides the direction."""
        script: str = self.cleaned_data["script"].capitalize()
        if script and not (len(script) == 4 and script.isascii() and script.isalpha()):
            raise ValidationError(_("Write the four letters of ISO 15924, such as Hans or Cyrl, or nothing."))
        return script

    def clean_file(self) -> Any:
        upload = self.cleaned_data.get("file")
        if isinstance(upload, UploadedFile) and examine_upload(upload).media_type != PDF:
            raise ValidationError(
                _("This is an image; a text's file is a PDF. Add the image as a scan instead.")
            )
        return upload

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not cleaned.get("content") and not cleaned.get("file"):
            raise ValidationError(
                _("Neither text nor file: type the text, choose a PDF, or remove this block.")
            )
        return cleaned


class ScanForm(RecordForm):
    """A scan. What the file is was found by looking inside; a broken or dangerous one is refused."""

    facts: FileFacts | None = None

    def file_address(self, name: str) -> str:
        return self.instance.get_absolute_url() if self.instance.file else ""

    def clean_file(self) -> Any:
        upload = self.cleaned_data.get("file")
        if isinstance(upload, UploadedFile):
            self.facts = examine_upload(upload)
            self.instance.take_facts(self.facts, upload.name or "")
        return upload


class DegreesField(forms.DecimalField):
    """A coordinate. Maps give more figures than it is kept with, which is to about a metre."""

    def to_python(self, value: Any) -> Any:
        degrees = super().to_python(value)
        try:
            return degrees if degrees is None else round(degrees, self.decimal_places)
        except (InvalidOperation, ValueError, OverflowError):  # no number, or one beyond all bounds
            return degrees


class WithdrawForm(forms.Form):
    """What is asked before documents are withdrawn."""

    note = LineField(
        label=gettext_lazy("Note on the withdrawal"),
        max_length=500,
        strip=True,
        widget=forms.TextInput(attrs={"class": "vTextField", "autofocus": True}),
        help_text=gettext_lazy("Readers see it at the record's address: why, and what stands in its place."),
        error_messages={"required": gettext_lazy("Say in a sentence why; readers will see it.")},
    )
