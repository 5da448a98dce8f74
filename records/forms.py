"""Forms for curators: dates that say how they are read, texts as they were typed, and nobody's edit lost.

A form of a record that has ``changed`` carries the moment at which the record was
read. If somebody saved the record since, the form refuses, says who and when, keeps
what was typed, and can be told to save all the same.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from mimetypes import guess_extension, guess_type
from pathlib import PurePath
from typing import Any, BinaryIO, Self, cast

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from dates import Certainty, DateError, PartialDate, print_date, read_date
from records.dating import DateCertainty
from records.html import paragraphs, to_html
from records.languages import read_language
from records.spelling import CONTROL, fold
from records.uploads import FileFacts, examine
from records.widgets import DateWidget, PlainTextarea, StoredFileWidget, is_key


def reading_of(date: PartialDate) -> str:
    """What a curator is told of a date: "Read as: circa May 1946, approximate (1946-04-01 to 1946-06-30)"."""
    if date.is_undated:
        return _("Read as: undated")
    said = [print_date(replace(date, supplied=False))]
    if date.certainty is not Certainty.CERTAIN:
        said.append(DateCertainty(date.certainty.value).label.lower())
    if date.supplied:
        said.append(_("supplied by the cataloguer"))
    return _("Read as: %(date)s (%(days)s)") % {
        "date": ", ".join(str(part) for part in said),
        "days": _days(date),
    }


def _days(date: PartialDate) -> str:
    first, last = (day.isoformat() if day else "" for day in (date.earliest, date.latest))
    if not first:
        return _("%(day)s or earlier") % {"day": last}
    if not last:
        return _("%(day)s or later") % {"day": first}
    return first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}


def stored_reading(record: Any) -> str:
    """How the stored date of a record is read; for one that was not understood, what to write instead."""
    if record.date_certainty != DateCertainty.UNREAD:
        return reading_of(record.partial_date)
    try:
        read_date(record.date_display)
    except DateError as error:
        return _("Not understood yet, searched as undated. %(cure)s") % {"cure": error}
    return _("Not read yet: save it with a change to have it read.")


class LineField(forms.CharField):
    """Text without the control characters that come along from PDF files; an import would reject the record for them."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(CONTROL.sub("", value) if isinstance(value, str) else value)


class LinesField(LineField):
    """Text of several lines. Line ends come back as they went, so that what was not touched is unchanged."""

    widget = PlainTextarea

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value


class HtmlField(LinesField):
    """Text that is stored as sanitised HTML, and is typed as plain lines wherever it is no more than that."""

    bound = False  # whether it shows what was sent

    def prepare_value(self, value: Any) -> Any:
        return as_typed(value) if isinstance(value, str) and not self.bound else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(as_typed(initial or ""), data)


def as_typed(html: str) -> str:
    """Plain paragraphs with an empty line between them where that says it all, else the HTML itself."""
    lines = paragraphs(html)
    return "\n\n".join(lines) if to_html("\n".join(lines)) == html else html


class LanguageCodeField(forms.CharField):
    """An ISO 639-2/B code; a language's English name or BCP 47 tag is understood as well."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        if not text:
            return ""
        try:
            return read_language(text)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class KnownRecords(forms.ModelChoiceField):
    """A choice that takes records at hand (``known``, by key) instead of asking for them one by one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known: dict[str, Model] = {}

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        copied = super().__deepcopy__(memo)
        copied.known = {}
        return copied

    def label_from_instance(self, obj: Any) -> str:
        return choice_label(obj)


class KnownChoiceField(KnownRecords):
    """A choice of one record."""

    def to_python(self, value: Any) -> Any:
        return self.known.get(str(value)) or super().to_python(value)


class KnownMultipleChoiceField(KnownRecords, forms.ModelMultipleChoiceField):
    """A choice of several records."""

    def clean(self, value: Any) -> Any:
        wanted = [str(key) for key in value or ()]
        if wanted and all(key in self.known for key in wanted):
            return [self.known[key] for key in dict.fromkeys(wanted)]
        for key in wanted:
            if not is_key(key):
                raise ValidationError(
                    self.error_messages["invalid_pk_value"], code="invalid_pk_value", params={"pk": key}
                )
        chosen = super().clean(value)
        self.known |= {str(record.pk): record for record in chosen}
        return chosen


def choice_label(record: Any) -> str:
    """A record among others to choose from: with its date, which tells namesakes and like titles apart."""
    date = getattr(record, "date_display", "")
    number = getattr(record, "record_id", None)
    note = ", ".join(
        str(part) for part in (date, _("no. %(number)s") % {"number": number} if number else "") if part
    )
    return f"{record} ({note})" if note else str(record)


@dataclass(frozen=True)
class Newer:
    """A version that was saved after the form was opened: by whom, when, and which fields differ from it."""

    stamp: str
    when: datetime
    who: str
    differs: tuple[tuple[str, str], ...]  # the field's label, what the newer version has

    @property
    def sentence(self) -> str:
        words = {
            "who": self.who,
            "when": date_format(timezone.localtime(self.when), "DATETIME_FORMAT"),
        }
        if self.who:
            return _("%(who)s saved this record on %(when)s, after you had opened it.") % words
        return _("This record was changed on %(when)s, after you had opened it.") % words


_GUARDS = ("seen_changed", "overwrite")
_NAMES = ("name", "title")  # what a record is called, of which each is there once


class RecordForm(forms.ModelForm):
    """The base of every curator's form."""

    seen_changed = forms.CharField(required=False, widget=forms.HiddenInput)
    overwrite = forms.CharField(required=False, widget=forms.HiddenInput)
    file_view = ""  # the name of the view that hands out the record's image
    newer: Newer | None = None
    _values_are_checked = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        saved = not self.instance._state.adding
        guarded = saved and hasattr(self.instance, "changed")
        if guarded:
            self.initial["seen_changed"] = self.instance.changed.isoformat()
        else:
            for name in _GUARDS:
                self.fields.pop(name, None)
        for name, field in self.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            if isinstance(widget, DateWidget):
                widget.reading = stored_reading(self.instance) if saved else ""
            elif isinstance(widget, StoredFileWidget):
                widget.address = self.file_address(name) if saved else ""
            if isinstance(field, KnownRecords) and saved:
                field.known.update({str(record.pk): record for record in self._at_hand(name)})
            if isinstance(field, HtmlField):
                field.bound = self.is_bound

    def _at_hand(self, name: str) -> list[Model]:
        """The related records that were fetched already."""
        relation = self.instance._meta.get_field(name)
        if relation.many_to_many:
            return list(getattr(self.instance, "_prefetched_objects_cache", {}).get(name, ()))
        if relation.is_cached(self.instance):
            record = getattr(self.instance, name)
            return [record] if record is not None else []
        return []

    def file_address(self, name: str) -> str:
        """Where the stored file of this field can be looked at: a view that asks who may see it."""
        return reverse(self.file_view, args=[self.instance.slug]) if getattr(self.instance, name) else ""

    @cached_property
    def changed_data(self) -> list[str]:
        """The fields of the record that were changed: what guards it is no part of its history."""
        return [name for name in super().changed_data if name not in _GUARDS]

    def clean(self) -> dict[str, Any]:
        """Refuse to write over a newer version. Call it within a transaction, which the admin has open."""
        cleaned = super().clean() or self.cleaned_data
        self._refuse_other_spelling(cleaned)
        if "seen_changed" in self.fields:
            stored = self.instance._meta.model._base_manager.select_for_update()
            changed = stored.filter(pk=self.instance.pk).values_list("changed", flat=True).first()
            agreed = (cleaned.get("seen_changed"), cleaned.get("overwrite"))
            if changed and changed.isoformat() not in agreed:
                self.newer = self._newer(changed)
                raise ValidationError(self.newer.sentence, code="newer")
        return cleaned

    def _refuse_other_spelling(self, cleaned: dict[str, Any]) -> None:
        """One spelling is one record, as for an import, which takes "ZHOU  Enlai" for Zhou Enlai."""
        for name in _NAMES:
            written = cleaned.get(name)
            if not written or name not in self.changed_data or not self.instance._meta.get_field(name).unique:
                continue
            others = self.instance._meta.model._base_manager.exclude(pk=self.instance.pk)
            for other in others.order_by().values_list(name, flat=True).iterator():
                if other != written and fold(other) == fold(written):
                    self.add_error(
                        name,
                        _(
                            "“%(name)s” is there already; capitals, spaces and kinds of quotation marks or dashes "
                            "make no other name."
                        )
                        % {"name": other},
                    )
                    break

    def _get_validation_exclusions(self) -> set[str]:
        exclude: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # private, so not in the stubs
        if not self._values_are_checked:
            # A choice has found its record; the model's own check would ask for it again, once a field and row.
            exclude |= {name for name, field in self.fields.items() if isinstance(field, KnownChoiceField)}
        return exclude

    def validate_unique(self) -> None:
        self._values_are_checked = True  # whether a combination is unique hangs on the choices, too
        super().validate_unique()

    def _newer(self, changed: datetime) -> Newer:
        entry = (
            LogEntry.objects.filter(
                content_type=ContentType.objects.get_for_model(self.instance),
                object_id=str(self.instance.pk),
                # The log is written a moment after the record, in the same transaction.
                action_time__range=(changed - timedelta(seconds=1), changed + timedelta(seconds=10)),
            )
            .select_related("user")
            .order_by("-action_time")
            .first()
        )
        who = (entry.user.get_full_name() or entry.user.get_username()) if entry else ""
        differs = []
        for name in self.changed_data:
            theirs = self.get_initial_for_field(self.fields[name], name)
            if isinstance(theirs, list):
                theirs = ", ".join(str(record) for record in theirs)
            elif isinstance(self.fields[name], KnownChoiceField):
                theirs = getattr(self.instance, name)
            shown = Truncator(as_typed(str(theirs or ""))).chars(300) or _("nothing")
            differs.append((str(self.fields[name].label or name), shown))
        return Newer(changed.isoformat(), changed, who, tuple(differs))


def examine_upload(upload: UploadedFile) -> FileFacts:
    """What is in an uploaded file. Raises ValidationError for a broken or dangerous one, or one under a false name."""
    facts = examine(cast(BinaryIO, upload))
    name = PurePath(upload.name or "")
    promised = guess_type(name.name)[0]
    if promised and promised != facts.media_type:
        ending = guess_extension(facts.media_type) or ""
        raise ValidationError(
            _("The file is named “%(name)s” but is %(found)s; name it “%(better)s” and upload it again."),
            params={"name": name.name, "found": facts.media_type, "better": f"{name.stem}{ending}"},
        )
    return facts
