"""Who may see what, in one place.

Every queryset of records answers ``visible_to(user)``; no view, feed, index or
command filters by status itself.
"""

from datetime import date
from functools import lru_cache
from typing import Any, Self

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models import OuterRef, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.lookups import IsNull
from django.utils import timezone

from records.changes import RecordT, TrackedQuerySet
from records.trees import TreeModel, WithAbove


def is_public(model: type[models.Model]) -> RawSQL:
    """Whether a record is among ``visible_to(None)``, for queries of this model itself.

    Made once a day: to put together what a page of a search asks of eight models took longer than all answers.
    """
    return _is_public(model, timezone.localdate())


@lru_cache(maxsize=50)
def _is_public(model: type[models.Model], today: date) -> RawSQL:
    query = model._default_manager.visible_to(None).query  # type: ignore[attr-defined]
    compiler = query.get_compiler(model._default_manager.db)
    sql, parameters = compiler.compile(query.where)
    if {table for table, uses in query.alias_refcount.items() if uses} - {model._meta.db_table}:
        raise ImproperlyConfigured(f"what is public of {model.__name__} must be said without joins")
    return RawSQL(sql, parameters, output_field=models.BooleanField())  # noqa: S611 (Django's own, of our query)


def sees_unpublished(user: Any, model: type[models.Model]) -> bool:
    """Whether the user is one of the staff who may look at drafts of this kind. ``None`` is the public."""
    if user is None or not user.is_active or not user.is_staff:
        return False
    return user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")


class RecordQuerySet(TrackedQuerySet[RecordT]):
    """The base of every queryset of records; its bulk operations tell what they change."""

    def public(self) -> Self:
        """What everybody may see."""
        raise NotImplementedError

    def visible_to(self, user: Any) -> Self:
        """What this user may see; ``None`` or an anonymous user is the public."""
        return self.all() if sees_unpublished(user, self.model) else self.public()


class AuthorityQuerySet(RecordQuerySet[RecordT]):
    """Authority records: people, places, subjects, repositories.

    One is public when a public document names it, or something below it in a tree. The others would
    give drafts away, those too that are deleted: curators alone see them.
    """

    def public(self) -> Self:
        # A relation seen from its other side, by its related_name.
        relation: Any = self.model._meta.get_field("documents")
        field = relation.remote_field
        documents = relation.related_model._default_manager.all()
        links, record, document = documents, field.name, "pk"
        if relation.many_to_many:
            links = relation.through._base_manager.all()
            record, document = field.m2m_reverse_field_name(), field.m2m_field_name()
        # A document is asked for once more where it is itself the link: what is dear to ask of each, databases
        # ask only of those that an index leads to, and not of all from the first on until one happens to fit.
        shown = _has_one(documents.public().filter(pk=OuterRef(document)))
        named = _has_one(links.filter(shown, **{record: OuterRef("pk")}))
        if not issubclass(self.model, TreeModel):
            return self.filter(named)
        return self.filter(pk__in=WithAbove(self.model._base_manager.filter(named)))


def _has_one(records: models.QuerySet) -> IsNull:
    """Whether there is one of these, looked for by their index and no further than the first.

    Of an EXISTS a database may make a join, and go through all public documents for the few records asked of.
    """
    return IsNull(Subquery(records.order_by().values("pk")[:1]), False)
