from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .. import method
from .fields import TermField
from .judgement import Judgement
from .tracked import snapshot_of


class FindingQuerySet(models.QuerySet["Finding"]):
    def numbered(self, number: int) -> "Finding | None":
        """The one of that number; of one measure."""
        return self.filter(number=number).first()

    def known_at(self, moment: datetime | None) -> Self:
        """Recorded by `moment` and not superseded by one recorded by then; None means now."""
        if moment is None:
            return self.filter(superseded_by=None)
        later = Finding.objects.filter(supersedes=models.OuterRef("pk"), recorded_at__lte=moment)
        return self.filter(~models.Exists(later), recorded_at__lte=moment)

    def recorded_by(self, moment: datetime | None) -> Self:
        """Those in the record by the moment, corrected since or not; None means now."""
        return self if moment is None else self.filter(recorded_at__lte=moment)

    def in_effect(self, day: date, known: datetime | None = None) -> Self:
        """Those in effect by `day` and in the record by `known`, corrected since or not."""
        return self.recorded_by(known).filter(effective_on__lte=day)

    def under(self, measures: "models.QuerySet[Any]") -> Self:
        """Those of these measures."""
        return self.filter(measure__in=measures.order_by())

    def of(self, source: models.Model) -> Self:
        """Those on the measures of one source."""
        return self.filter(measure__source=source)

    def matching(
        self, *, measure: str = "", theme: models.Model | None = None, status: str = ""
    ) -> Self:
        """Those that have all of what is given; the measure by its code."""
        wanted = {"measure__code": measure, "measure__theme": theme, "status": status}
        return self.filter(**{name: value for name, value in wanted.items() if value})

    def superseded_by_then(self, ids: Iterable[int], moment: datetime | None) -> set[int]:
        """Which of these had been corrected by the moment; None means now."""
        later = self.filter(supersedes__in=ids).recorded_by(moment)
        return set(later.values_list("supersedes", flat=True))

    def standing(self, day: date, known: datetime | None = None) -> Self:
        """Those in effect by `day`, the one that holds first."""
        return self.known_at(known).filter(effective_on__lte=day).latest_first()

    def lately(
        self,
        measures: "models.QuerySet[Any]",
        since: date,
        day: date,
        known: datetime | None = None,
    ) -> Self:
        """Those of these measures that took effect after `since` and by `day`, the latest first.

        To be sliced. Measures and corrections are looked up for each finding in turn, so that the
        first few are found by going back from the latest, in a register of any size.
        """
        corrected = Finding.objects.filter(supersedes=models.OuterRef("pk")).recorded_by(known)
        theirs = measures.filter(pk=models.OuterRef("measure"))
        found = self.in_effect(day, known).filter(effective_on__gt=since)
        return found.filter(models.Exists(theirs), ~models.Exists(corrected)).latest_first()

    def with_measures(self, chosen: "models.QuerySet[Any]") -> Self:
        """Those chosen, with their measures, the latest first; `chosen` may be sliced."""
        found = self.filter(pk__in=chosen.values("pk"))
        return found.select_related("measure__source", "measure__theme").latest_first()

    def latest_first(self) -> Self:
        """By the day in the world, ties by the later record."""
        return self.order_by("-effective_on", "-recorded_at", "-number")

    def resting_on(self, evidence: models.Model) -> Self:
        """Those that cite the evidence, with their measures, the latest in the world first."""
        found = self.filter(citations__evidence=evidence).select_related("measure__source")
        return found.latest_first()

    def of_measures(self, measures: "models.QuerySet[Any]") -> Self:
        """Those of these measures, in the order of their source, each with what it rests on."""
        found = self.filter(measure__in=measures.order_by()).select_related(
            "measure__source", "author", "approver", "supersedes", "superseded_by"
        )
        return found.prefetch_related("citations__evidence").order_by(
            "measure__theme__number", "measure__position", "measure__code", "number"
        )

    def in_full(self) -> Self:
        """With its people, what it corrects and its frozen evidence, for showing."""
        return self.select_related("author", "approver", "supersedes").prefetch_related(
            "citations__evidence"
        )


class Finding(Judgement):
    """One immutable judgement: a status, its reasons and evidence, two people and two dates.

    `effective_on` is the day in the world, `recorded_at` the moment it entered the record. Rows
    are only ever inserted: the database refuses to change or remove them (see `record.triggers`).
    """

    measure = models.ForeignKey(
        "Measure", models.PROTECT, related_name="findings", verbose_name=_("measure")
    )
    number = models.PositiveIntegerField(
        _("number"), help_text=_("Counted within the measure, in the order of recording.")
    )
    recorded_at = models.DateTimeField(_("recorded"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("author")
    )
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("approver")
    )
    four_eyes = models.BooleanField(
        _("four eyes"), default=True, help_text=_("Author and approver had to be two persons.")
    )
    supersedes = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
        verbose_name=_("corrects"),
    )
    method_version = models.CharField(_("method version"), max_length=12)
    coding = TermField(
        _("coding"),
        choices=method.choices(method.CODINGS),
        blank=True,
        help_text=_("How a baseline finding came about; empty for one written on the desk."),
    )
    citation_count = models.PositiveIntegerField(_("pieces of evidence"))

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ("-recorded_at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["measure", "number"], name="finding_number_once"),
            models.CheckConstraint(
                condition=models.Q(status__in=list(method.STATUSES)), name="finding_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(confidence__in=list(method.CONFIDENCES)),
                name="finding_confidence_known",
            ),
            models.CheckConstraint(
                condition=models.Q(four_eyes=False) | ~models.Q(author=models.F("approver")),
                name="finding_four_eyes",
                violation_error_message=_("Author and approver must be two persons."),
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=method.WITHOUT_EVIDENCE)
                | models.Q(citation_count__gt=0),
                name="finding_has_evidence",
                violation_error_message=_("This status needs evidence, and none is cited."),
            ),
            models.CheckConstraint(
                condition=~models.Q(status=method.NO_EVIDENCE)
                | models.Q(searched_until__isnull=False),
                name="finding_search_is_dated",
                violation_error_message=_("Say up to which day the search ran."),
            ),
            models.CheckConstraint(
                condition=models.Q(supersedes=None) | ~models.Q(correction_reason=""),
                name="finding_correction_has_reason",
                violation_error_message=_("A correction says what was wrong."),
            ),
        ]
        indexes = [
            models.Index(
                models.F("measure"),
                models.F("effective_on").desc(),
                models.F("recorded_at").desc(),
                models.F("number").desc(),
                name="finding_standing",
            ),
            models.Index(fields=["effective_on"], name="finding_effective"),
        ]

    def __str__(self) -> str:
        return f"{self.measure.code} · {self.term.label} · {self.effective_on}"

    @property
    def record_key(self) -> str:
        return f"{self.measure.record_key}#{self.number}"

    @property
    def is_baseline(self) -> bool:
        """Whether it was coded from public documents and shipped with the register."""
        return bool(self.coding)

    def get_absolute_url(self) -> str:
        return f"{self.measure.get_absolute_url()}#finding-{self.number}"

    def snapshot(self, citations: Iterable[models.Model] | None = None) -> dict[str, Any]:
        """What the record keeps: every field, and the frozen evidence in its order."""
        frozen = self.citations.all() if citations is None else citations
        values = snapshot_of(self)
        values["citations"] = [snapshot_of(each, frozenset({"finding"})) for each in frozen]
        return values
