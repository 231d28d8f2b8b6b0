from collections.abc import Iterable
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchDocQuerySet(models.QuerySet["SearchDoc"]):
    def of(self, noun: str, ids: Iterable[int] | None = None) -> Self:
        """Those of one kind of object; `ids` narrows to these objects."""
        found = self.filter(noun=noun)
        return found if ids is None else found.filter(object_id__in=list(ids))

    def of_others(self, noun: str, ids: "models.QuerySet[Any, Any]") -> Self:
        """Those of one kind of object that are none of these."""
        return self.of(noun).exclude(object_id__in=ids)

    def found_by(self, condition: models.Expression) -> Self:
        """Those whose tokens meet the condition, which the room of search writes for the engine."""
        return self.filter(condition)

    def objects_of(self, noun: str) -> "models.QuerySet[SearchDoc, int]":
        """The ids of the objects, for a query of that noun."""
        return self.of(noun).values_list("object_id", flat=True)


class SearchDoc(models.Model):
    """The words of one object as search knows them. Derived: all of it can be made anew.

    `tokens` are stems and pairs of characters with single spaces between (see `search.tokens`).
    A very long text has several rows, counted by `part` from 0.
    """

    noun = models.CharField(_("noun"), max_length=24)
    object_id = models.BigIntegerField(_("object id"))
    part = models.PositiveIntegerField(_("part"), default=0)
    tokens = models.TextField(_("tokens"))

    objects = SearchDocQuerySet.as_manager()

    class Meta:
        verbose_name = _("search document")
        verbose_name_plural = _("search documents")
        constraints = [
            models.UniqueConstraint(fields=["noun", "object_id", "part"], name="search_doc_once"),
        ]

    def __str__(self) -> str:
        return f"{self.noun} {self.object_id}"
