from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import reasons
from .several import several
from .user import User

# What kind of change an entry tells of.
CHANGES = {
    "finding": _("A finding"),
    "correction": _("A correction"),
    "added": _("Something added"),
    "changed": _("An edit"),
    "removed": _("Something removed"),
}


class RecordEntryQuerySet(models.QuerySet["RecordEntry"]):
    def newest_first(self) -> Self:
        """The newest entry first."""
        return self.order_by("-sequence")

    def about(self, obj: models.Model) -> Self:
        """The entries on one object, newest first."""
        noun = str(obj._meta.model_name)
        return self.filter(noun=noun, object_id=obj.pk).newest_first()

    def around(self, obj: models.Model) -> Self:
        """The entries on a measure or on evidence, and on the citations and findings under it.

        By their keys, so that what was removed since is told as well; newest first.
        """
        noun, key = str(obj._meta.model_name), obj.record_key  # type: ignore[attr-defined]
        under = {
            "measure": models.Q(noun="citation", key__endswith=f" @ {key}")
            | models.Q(noun="finding", key__startswith=f"{key}#"),
            "evidence": models.Q(noun="citation", key__startswith=f"{key} @ "),
        }
        return self.filter(models.Q(noun=noun, object_id=obj.pk) | under[noun]).newest_first()

    def by(self, moment: datetime | None) -> Self:
        """The entries made by the moment; None means now."""
        return self if moment is None else self.filter(at__lte=moment)

    def between(self, first: int, last: int) -> Self:
        """The entries after the first and up to the last, by their sequence."""
        return self.filter(sequence__gt=first, sequence__lte=last)

    def entering(self, noun: str, moment: datetime) -> Self:
        """For `Exists` in a query of that noun: the entry that brought the row, if made by then."""
        return self.by(moment).filter(noun=noun, object_id=models.OuterRef("pk"), action="added")

    def resetting(self, noun: str, field: str, moment: datetime) -> Self:
        """For `Exists` in a query of that noun: a later change of a field that was empty."""
        changed = self.filter(noun=noun, object_id=models.OuterRef("pk"), at__gt=moment)
        return changed.filter(**{f"before__{field}": None})

    def changing(self, ids: Mapping[str, Iterable[int]], moment: datetime) -> Self:
        """The changes after the moment to the rows of these nouns and ids, newest first."""
        rows = models.Q()
        for noun, wanted in ids.items():
            rows |= models.Q(noun=noun, object_id__in=list(wanted))
        return self.filter(rows, action="changed", at__gt=moment).newest_first()

    def changing_row(self, noun: str, moment: datetime) -> Self:
        """For `Exists` in a query of that noun: a change of the row after the moment."""
        later = self.filter(noun=noun, object_id=models.OuterRef("pk"), action="changed")
        return later.filter(at__gt=moment)

    def changing_since(self, noun: str, field: str, moment: datetime, row: str = "pk") -> Self:
        """For a subquery of that noun: the changes of one field after the moment, oldest first.

        `row` is the way to the id of that noun where the query is of another.
        """
        later = self.filter(noun=noun, object_id=models.OuterRef(row), action="changed")
        return later.filter(at__gt=moment, before__has_key=field).order_by("sequence")

    def with_change(self) -> Self:
        """With `change`: what kind of change it was, a slug of `CHANGES`."""
        found = models.Q(noun="finding")
        return self.annotate(
            change=models.Case(
                models.When(found & models.Q(after__supersedes=None), then=models.Value("finding")),
                models.When(
                    found & models.Q(after__has_key="supersedes"), then=models.Value("correction")
                ),
                models.When(found, then=models.Value("finding")),
                default=models.F("action"),
            )
        )

    def matching(
        self,
        *,
        noun: Any = (),
        change: Any = (),
        since: date | None = None,
        until: date | None = None,
    ) -> Self:
        """Those that have all of what is given: one of these kinds, and made in these days.

        `change` only after `with_change`.
        """
        found = self
        for name, wanted in (("noun", several(noun)), ("change", several(change))):
            found = found.filter(**{f"{name}__in": wanted}) if wanted else found
        if since:
            found = found.filter(at__date__gte=since)
        return found.filter(at__date__lte=until) if until else found

    def of_nouns(self, *nouns: str) -> Self:
        """The entries on these kinds of object; all if none is given."""
        if len(nouns) < 2:
            return self.filter(noun__in=nouns) if nouns else self
        # Most entries are on one of several: they are met at once along the record, and an engine
        # that went by the nouns instead would sort all of them for one page.
        return self.annotate(one_of=Coalesce("noun", models.Value(""))).filter(one_of__in=nouns)

    def of_objects(self, ids: Mapping[str, Any]) -> Self:
        """The entries on the rows of these nouns and ids, or subqueries of ids."""
        rows = models.Q(pk__in=[])
        for noun, wanted in ids.items():
            rows |= models.Q(noun=noun, object_id__in=wanted)
        return self.filter(rows)

    def with_names(self) -> Self:
        """Each with `actor_name`, the name of its person; None where there is no such account."""
        shown = Coalesce(NullIf("display_name", models.Value("")), "username")
        people = User.objects.filter(opaque_id=models.OuterRef("actor"))
        return self.annotate(
            actor_name=models.Subquery(people.annotate(shown=shown).values("shown")[:1])
        )


class RecordEntry(models.Model):
    """One link of the record: who did what to which object, when, why, before and after.

    `hash` is the SHA-256 of the entry's canonical content, which includes `previous`, the hash of
    the entry before it. Rows are only ever inserted (see `record.triggers`).
    """

    class Action(models.TextChoices):
        ADDED = "added", _("added")
        CHANGED = "changed", _("changed")
        REMOVED = "removed", _("removed")
        FOUND = "found", _("found")

    sequence = models.BigIntegerField(_("sequence"), primary_key=True)
    at = models.DateTimeField(_("when"), db_index=True)
    actor = models.UUIDField(_("actor"), help_text=_("The opaque id of a person."))
    action = models.CharField(_("action"), max_length=12, choices=Action.choices)
    noun = models.CharField(_("noun"), max_length=24, help_text=_("The kind of object."))
    object_id = models.BigIntegerField(_("object id"))
    key = models.CharField(_("key"), max_length=300)
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)
    why = models.TextField(_("why"), blank=True)
    previous = models.CharField(_("previous hash"), max_length=64, blank=True)
    hash = models.CharField(_("hash"), max_length=64, unique=True)

    objects = RecordEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("record entry")
        verbose_name_plural = _("record")
        ordering = ("-sequence",)
        indexes = [
            models.Index(fields=["noun", "object_id", "sequence"], name="record_object"),
            models.Index(fields=["noun", "sequence"], name="record_noun"),
        ]

    def __str__(self) -> str:
        return gettext("Entry %(number)d: %(noun)s %(key)s %(action)s") % {
            "number": self.sequence,
            "noun": self.noun_name,
            "key": self.key,
            "action": self.get_action_display(),
        }

    @property
    def reason(self) -> str:
        """Why, as its reader meets it."""
        return reasons.told(self.why)

    @property
    def noun_name(self) -> str:
        """The kind of object, as people call it."""
        return str(apps.get_model("measures", self.noun)._meta.verbose_name)
