"""Publish, withdraw, back to draft: what an editor does to many documents at once."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from documents.choices import Status
from documents.forms import WithdrawForm

_AT_ONCE = 500  # records a query, well under what a database takes as parameters


class StatusActions(admin.ModelAdmin):
    """Mixed into the document's admin. Each action says how many records it changed, and how many it left."""

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("documents.publish_document")

    @admin.action(description=gettext_lazy("Publish"), permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Public at once, or from each record's own day on."""
        later = queryset.exclude(status=Status.PUBLISHED).filter(public_from__gt=timezone.localdate()).count()
        with transaction.atomic():
            keys, left = self._split(queryset, queryset.exclude(status=Status.PUBLISHED))
            self._change(keys, request, _("Published."), status=Status.PUBLISHED)
        done = len(keys)
        self._tell(
            request,
            done - later,
            ngettext("Published %(n)d document.", "Published %(n)d documents.", done - later),
        )
        self._tell(
            request,
            later,
            ngettext(
                "%(n)d document is published and stays hidden until its “public from” day.",
                "%(n)d documents are published and stay hidden until their “public from” day.",
                later,
            ),
        )
        self._tell_left(
            request, left, ngettext("%(n)d was published already.", "%(n)d were published already.", left)
        )

    @admin.action(description=gettext_lazy("Withdraw…"), permissions=["publish"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Asks for the note that readers will see, then withdraws what was published."""
        wanted = queryset.filter(status=Status.PUBLISHED)
        form = WithdrawForm(request.POST if "note" in request.POST else None)
        if not form.is_valid():
            return self._ask_for_note(request, queryset, wanted, form)
        with transaction.atomic():
            keys, left = self._split(queryset, wanted)
            note = form.cleaned_data["note"]
            sentence = _("Withdrawn: %(note)s") % {"note": note}
            self._change(keys, request, sentence, status=Status.WITHDRAWN, withdrawal_note=note)
        done = len(keys)
        self._tell(request, done, ngettext("Withdrew %(n)d document.", "Withdrew %(n)d documents.", done))
        self._tell_left(
            request,
            left,
            ngettext(
                "%(n)d was not published and was left.", "%(n)d were not published and were left.", left
            ),
        )
        return None

    @admin.action(description=gettext_lazy("Back to draft"), permissions=["publish"])
    def back_to_draft(self, request: HttpRequest, queryset: QuerySet) -> None:
        with transaction.atomic():
            keys, left = self._split(queryset, queryset.exclude(status=Status.DRAFT))
            self._change(keys, request, _("Back to draft."), status=Status.DRAFT)
        done = len(keys)
        self._tell(
            request,
            done,
            ngettext(
                "%(n)d document is a draft again; its address answers “not found”.",
                "%(n)d documents are drafts again; their addresses answer “not found”.",
                done,
            ),
        )
        self._tell_left(
            request, left, ngettext("%(n)d was a draft already.", "%(n)d were drafts already.", left)
        )

    def _ask_for_note(
        self, request: HttpRequest, queryset: QuerySet, wanted: QuerySet, form: WithdrawForm
    ) -> TemplateResponse:
        count = wanted.count()
        context = {
            **self.admin_site.each_context(request),
            "title": ngettext("Withdraw %(n)d document", "Withdraw %(n)d documents", count) % {"n": count},
            "form": form,
            "documents": wanted[:20],
            "more": max(0, count - 20),
            "count": count,
            "left": queryset.count() - count,
            "chosen": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "across": request.POST.get("select_across", "0"),
            "checkbox_name": ACTION_CHECKBOX_NAME,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/documents/document/withdraw.html", context)

    def _split(self, queryset: QuerySet, wanted: QuerySet) -> tuple[list[int], int]:
        """The keys of what is to be changed, and how many of the chosen are left as they are."""
        keys = list(wanted.order_by().values_list("pk", flat=True))
        return keys, queryset.count() - len(keys)

    def _change(self, keys: list[int], request: HttpRequest, sentence: str, **values: Any) -> None:
        """Give these records the values and a line in their histories."""
        now = timezone.now()
        for start in range(0, len(keys), _AT_ONCE):
            records = self.model._default_manager.filter(pk__in=keys[start : start + _AT_ONCE])
            if values["status"] == Status.PUBLISHED:
                records.filter(first_published=None).update(first_published=now)
            records.update(**values, changed=now)
            LogEntry.objects.log_actions(request.user.pk or 0, records.only("pk", "title"), CHANGE, sentence)

    def _tell(self, request: HttpRequest, count: int, sentence: str) -> None:
        if count:
            messages.success(request, sentence % {"n": count})

    def _tell_left(self, request: HttpRequest, count: int, sentence: str) -> None:
        if count:
            messages.info(request, sentence % {"n": count})
