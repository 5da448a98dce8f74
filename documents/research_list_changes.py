"""What a form of the research list asks for, done under the list's lock, and told in a sentence."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from documents.models import Document
from documents.research_list import LIMIT, ResearchList, read_record_id, read_record_ids
from documents.research_list_lines import seal, titles_of
from documents.research_list_store import holder_of

# The new place (from 0) of a document by its old one.
_PLACES: dict[str, Callable[[int], int]] = {
    "top": lambda _old: 0,
    "up": lambda old: old - 1,
    "down": lambda old: old + 1,
}
_REFUSALS = frozenset(("full", "unknown", "nothing"))
# What the list itself shows where the page stays and only the list changes.
EVIDENT = frozenset(("moved", "noted", "removed", "sorted", "undone"))
_SENTENCES = {
    "removed": gettext_lazy("Removed from my list."),
    "taken": gettext_lazy("The documents are in my list now, after those that were there."),
    "partly": gettext_lazy("Not all of them fitted in."),
    "sorted": gettext_lazy("My list is in order of date."),
    "undone": gettext_lazy("My list is as it was before."),
    "stale": gettext_lazy(
        "My list has changed since that page was opened, perhaps in another tab; nothing was taken back."
    ),
    "cleared": gettext_lazy("My list is cleared. Nothing of it is kept here."),
    "noted": gettext_lazy("The notes are kept."),
    "unknown": gettext_lazy("There is no such document here; nothing was added."),
    "nothing": gettext_lazy("The form did not say what to do; nothing was changed."),
}


@dataclass(frozen=True)
class Done:
    """What became of a form: ``code`` names the sentence for it, ``record_id`` the document it was about."""

    list: ResearchList
    code: str
    record_id: int = 0
    title: str = ""

    @property
    def is_refused(self) -> bool:
        return self.code in _REFUSALS

    @property
    def sentence(self) -> str:
        return sentence_for(self.code, self.list, self.record_id, self.title)


def sentence_for(code: str, now: ResearchList, record_id: int = 0, title: str = "") -> str:
    """What became of a form, for those who see it and those who hear it; empty for a code that means nothing."""
    match code:
        case "added":
            said = ngettext(
                "Added: my list has %(count)s document.", "Added: my list has %(count)s documents.", len(now)
            )
            return said % {"count": len(now)}
        case "moved" if record_id in now:
            place = now.record_ids.index(record_id) + 1
            said = _("Number %(place)s of %(count)s now: %(title)s")
            return said % {"place": place, "count": len(now), "title": title or record_id}
        case "full":
            said = _(
                "My list is full: it takes %(limit)s documents. Remove some, or take the list home and clear it."
            )
            return said % {"limit": LIMIT}
    return str(_SENTENCES.get(code, ""))


def carry_out(request: HttpRequest) -> Done:
    """Do what the form asks for. Notes that were changed in it are kept, whichever button sent it."""
    form = request.POST
    button = next((name for name in _BUTTONS if name in form), "")
    act = _BUTTONS.get(button, _nothing)
    done: list[Done] = []

    def change(now: ResearchList) -> ResearchList:
        noted = now.noted(_changed_notes(form, now))
        done[:] = [act(noted, form.get(button, ""), request.user)]
        return done[0].list

    kept = holder_of(request).change(change)
    # A note that was saved as it stood is kept, too, though the script sends nothing of it.
    if done[0].code == "nothing" and ("save" in form or any(name.startswith("note-") for name in form)):
        return Done(kept, "noted", read_record_id(form.get("save", "")))
    return done[0]


def _changed_notes(form: QueryDict, now: ResearchList) -> dict[int, str]:
    """The notes in the form that are not as its page showed them: the others may be changed in another tab."""
    changed = {}
    for record_id in now.notes:
        note = form.get(f"note-{record_id}", "").replace("\r\n", "\n")
        if f"note-{record_id}" in form and form.get(f"seen-{record_id}") != seal(note):
            changed[record_id] = note
    return changed


def _added(now: ResearchList, value: str, user: Any) -> Done:
    record_id = read_record_id(value)
    title = titles_of(user, [record_id]).get(record_id)
    # What may not be seen is answered like what is not there.
    if title is None:
        return Done(now, "unknown", record_id)
    after = now.with_one(record_id)
    return Done(after, "added" if record_id in after else "full", record_id, title)


def _removed(now: ResearchList, value: str, user: Any) -> Done:
    record_id = read_record_id(value)
    return Done(now.without(record_id), "removed", record_id, titles_of(user, [record_id]).get(record_id, ""))


def _mover(place: Callable[[int], int]) -> "Act":
    def moved(now: ResearchList, value: str, user: Any) -> Done:
        record_id = read_record_id(value)
        title = titles_of(user, [record_id]).get(record_id, "")
        return Done(now.moved(record_id, place), "moved", record_id, title)

    return moved


def _sorted(now: ResearchList, _value: str, user: Any) -> Done:
    visible = Document.objects.visible_to(user).filter(record_id__in=now.record_ids)
    by_date = visible.in_order_of_date().values_list("record_id", flat=True)
    return Done(now.in_order_of([each for each in by_date if each is not None]), "sorted")


def _taken(now: ResearchList, value: str, user: Any) -> Done:
    asked, _is_cut = read_record_ids(value)
    known = titles_of(user, asked)
    after = now.with_all(each for each in asked if each in known)
    if any(each not in after for each in known):
        return Done(after, "partly")
    return Done(after, "taken" if known else "unknown")


def _undone(now: ResearchList, value: str, _user: Any) -> Done:
    after = now.undone(read_record_id(value))
    return Done(now, "stale") if after is now else Done(after, "undone", now.gap[1])


def _cleared(now: ResearchList, _value: str, _user: Any) -> Done:
    return Done(replace(now, entries=(), before=(), undoes=""), "cleared")


def _nothing(now: ResearchList, _value: str, _user: Any) -> Done:
    return Done(now, "nothing")


Act = Callable[[ResearchList, str, Any], Done]
_BUTTONS: dict[str, Act] = {
    "add": _added,
    "remove": _removed,
    **{name: _mover(place) for name, place in _PLACES.items()},
    "take": _taken,
    "sort": _sorted,
    "undo": _undone,
    "clear": _cleared,
}
