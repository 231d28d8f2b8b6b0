from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Self

from django.db import models
from django.db.models.functions import Coalesce, TruncMonth
from django.utils.translation import gettext_lazy as _

from .. import method
from .fields import LineField, ProseField, TermField
from .finding import Finding
from .frozen import FrozenCitation
from .measure import Measure
from .past import value_at
from .record_entry import RecordEntry
from .several import several
from .tracked import Tracked
from .witness import Witness


class CitationQuerySet(models.QuerySet["Citation"]):
    def since_last_finding(self) -> Self:
        """Attached after the last finding of their measure, or before there was any: to judge.

        Told by the record's order, since a register that came home brings older dates along.
        """
        theirs = Finding.objects.filter(measure=models.OuterRef(models.OuterRef("measure")))
        found = RecordEntry.objects.filter(noun="finding", object_id__in=theirs.values("pk"))
        added = RecordEntry.objects.filter(
            noun="citation", object_id=models.OuterRef("pk"), action="added"
        )
        return self.annotate(
            found_at=Coalesce(models.Subquery(found.newest_first().values("sequence")[:1]), 0),
            added_at=models.Subquery(added.newest_first().values("sequence")[:1]),
        ).filter(added_at__gt=models.F("found_at"))

    def on(self, day: date, known: datetime | None = None) -> Self:
        """Those of documents issued by `day`, or undated, and attached or judged by `known`."""
        issued = models.Q(evidence__issued_on=None) | models.Q(evidence__issued_on__lte=day)
        found = self.filter(issued)
        if known is None:
            return found
        judged = FrozenCitation.objects.filter(
            evidence=models.OuterRef("evidence"),
            finding__measure=models.OuterRef("measure"),
            finding__recorded_at__lte=known,
        )
        attached = RecordEntry.objects.entering("citation", known)
        return found.filter(models.Exists(attached) | models.Exists(judged))

    def of_document(self, key: str) -> "Citation | None":
        """The one of the document of that key; of one measure."""
        return self.filter(evidence__key=key).first()

    def under(self, measures: "models.QuerySet[Any]") -> Self:
        """Those of these measures."""
        return self.filter(measure__in=measures.order_by())

    def of(self, source: models.Model, day: date, known: datetime | None = None) -> Self:
        """Those `on` the day under the measures of one source that were in use then."""
        return self.on(day, known).filter(measure__in=Measure.objects.of(source, day, known))

    def matching(
        self,
        *,
        theme: models.Model | None = None,
        stage: str = "",
        bearing: str = "",
        body: models.Model | None = None,
        year: int | None = None,
    ) -> Self:
        """Those that have all of what is given; body and year are of the issue."""
        wanted = {
            "measure__theme": theme,
            "stage": stage,
            "bearing": bearing,
            "evidence__bodies": body,
            "evidence__issued_on__year": year,
        }
        return self.filter(**{name: value for name, value in wanted.items() if value})

    def bearing_as(self, bearing: Any, known: datetime | None = None) -> Self:
        """Those that bore so at `known`: one bearing, or one of several."""
        found = self.annotate(bearing_then=value_at("citation", "bearing", known))
        return found.filter(bearing_then__in=several(bearing))

    def dated(self) -> Self:
        """Those of documents whose day of issue is known."""
        return self.exclude(evidence__issued_on=None)

    def by_measure(self) -> Self:
        """With their measures, in the order of the source."""
        found = self.select_related("measure__source", "measure__theme__source")
        return found.order_by("measure__theme__number", "measure__position", "measure__code")

    def in_rows(self) -> Self:
        """With document and measure: measure by measure in the order of the source."""
        found = self.select_related("evidence", "measure__source", "measure__theme__source")
        return found.order_by(
            "measure__theme__number", "measure__position", "measure__code", "evidence__key"
        )

    def months(self) -> "models.QuerySet[Citation, tuple[int, date, int]]":
        """Theme, month and number of documents, for those that are dated."""
        found = self.order_by().annotate(month=TruncMonth("evidence__issued_on"))
        counted = found.values("measure__theme", "month").annotate(
            number=models.Count("evidence", distinct=True)
        )
        return counted.order_by("month").values_list("measure__theme", "month", "number")

    def in_care_of(self, person: models.Model) -> Self:
        """Those under measures that the person keeps up to date, the latest attached first."""
        theirs = self.filter(measure__analyst=person, measure__retired_on=None)
        return theirs.select_related("evidence", "measure__source").order_by("-pk")

    def last_stages(self, documents: Iterable[models.Model]) -> dict[int, str]:
        """The stage at which each of the documents was cited last, by its id."""
        cited = self.filter(evidence__in=list(documents)).order_by("pk")
        return dict(cited.values_list("evidence", "stage"))

    def newest_first(self) -> Self:
        """With their evidence, by the day it was issued, undated ones last."""
        return self.select_related("evidence").order_by(
            models.F("evidence__issued_on").desc(nulls_last=True), "evidence__key"
        )


class Citation(Witness, Tracked):
    """Evidence attached to a measure: what it shows, how far the act had come, its bearing."""

    evidence = models.ForeignKey(
        "Evidence", models.PROTECT, related_name="citations", verbose_name=_("evidence")
    )
    measure = models.ForeignKey(
        "Measure", models.PROTECT, related_name="citations", verbose_name=_("measure")
    )
    stage = TermField(_("stage reached"), choices=method.choices(method.STAGES))
    bearing = TermField(_("bearing"), choices=method.choices(method.BEARINGS))
    note = ProseField(_("what it shows"), blank=True)
    note_zh = ProseField(_("what it shows (zh)"), blank=True)
    quotation = ProseField(_("quotation"), blank=True)
    locator = LineField(
        _("locator"), max_length=120, blank=True, help_text=_("Article 5; page 12.")
    )

    objects = CitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ("measure", models.F("evidence__issued_on").desc(nulls_last=True))
        constraints = [
            models.UniqueConstraint(fields=["evidence", "measure"], name="citation_once"),
            models.CheckConstraint(
                condition=models.Q(stage__in=list(method.STAGES)), name="citation_stage_known"
            ),
            models.CheckConstraint(
                condition=models.Q(bearing__in=list(method.BEARINGS)), name="citation_bearing_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure.code} ← {self.evidence}"

    @property
    def record_key(self) -> str:
        return f"{self.evidence.key} @ {self.measure.record_key}"

    def get_absolute_url(self) -> str:
        return self.measure.get_absolute_url()

    @property
    def tier(self) -> int:
        """The tier of the evidence cited."""
        return self.evidence.tier
