from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from .. import method
from .body import Body
from .fields import CodeField, LineField, ProseField, TermField
from .finding import Finding
from .languages import place, said
from .neighbours import nearest
from .past import value_at
from .record_entry import RecordEntry
from .several import several
from .tracked import Tracked
from .user import User

ORDERS = {
    "source": _("Source order"),
    "status": _("Status, furthest first"),
    "latest": _("Latest change first"),
    "title": _("Title"),
}


# A list as long as this is put in the order of its sounds; a longer one in that of its characters.
MOST_BY_SOUND = 1000
# What stands for a value that is not there.
NONE = "none"
# What measures are selected by, one value each, and where it is read.
COLUMNS = {
    "theme": "theme",
    "status": "standing_status",
    "confidence": "standing_confidence",
    "kind": "kind_then",
    "nature": "nature_then",
    "baseline": "baseline_then",
    "schedule": "schedule",
    "review": "review",
}


class MeasureQuerySet(models.QuerySet["Measure"]):
    def of(
        self, source: models.Model, day: date | None = None, known: datetime | None = None
    ) -> Self:
        """The measures of one source, in its order: those in use on `day`; see `used_on`."""
        return self.filter(source=source).used_on(day, known).in_order()

    def used_on(self, day: date | None = None, known: datetime | None = None) -> Self:
        """Those in use on `day`, None meaning now, of every source.

        `known` leaves out those that nobody had entered by then, and keeps those retired since.
        """
        in_use = models.Q(retired_on=None)
        if day is not None:
            in_use |= models.Q(retired_on__gt=day)
        if known is not None:
            since = RecordEntry.objects.resetting("measure", "retired_on", known)
            in_use |= models.Q(models.Exists(since))
        return self.filter(in_use).known_at(known)

    def known_at(self, moment: datetime | None) -> Self:
        """Those entered by `moment`, or judged by then: a bundle brings findings of old along."""
        if moment is None:
            return self
        found = Finding.objects.filter(measure=models.OuterRef("pk"), recorded_at__lte=moment)
        entered = RecordEntry.objects.entering("measure", moment)
        return self.filter(models.Exists(entered) | models.Exists(found))

    def in_use(self) -> Self:
        """Those of every source, retired ones left out, source by source in its order."""
        return self.filter(retired_on=None).order_by(
            "-source__delivered_on", "source", "theme__number", "position", "code"
        )

    def in_order(self) -> Self:
        """In the order of the source: 2.9 before 2.10."""
        return self.order_by("theme__number", "position", "code")

    def standing_on(self, day: date, known: datetime | None = None) -> Self:
        """Each measure with `standing_id`, the finding that held on `day` as known at `known`.

        `known` None means now. One query on either engine; `standing_id` is None where the
        measure was not yet assessed.
        """
        standing = Finding.objects.filter(measure=models.OuterRef("pk")).standing(day, known)
        return self.annotate(standing_id=models.Subquery(standing.values("pk")[:1]))

    def in_nobodys_care(self) -> Self:
        """Those without an analyst."""
        return self.filter(analyst=None)

    def overdue(self, source: models.Model, day: date) -> Self:
        """Those of a source whose review was due before the day, the longest overdue first."""
        stale = self.filter(source=source, review_on__lt=day).used_on(day)
        return stale.order_by("review_on", "pk")

    def due(self, day: date) -> Self:
        """Those whose review falls on or before `day`, the longest overdue first."""
        waiting = self.filter(review_on__lte=day, retired_on=None)
        return waiting.select_related("source", "theme").order_by("review_on", "code")

    def near(self, person: models.Model) -> Self:
        """Those in the care of the person first, then those in nobody's; by review date."""
        theirs = self.filter(models.Q(analyst=person) | models.Q(analyst=None))
        return theirs.order_by(models.F("analyst").asc(nulls_last=True), "review_on", "code")

    def with_standing(self) -> Self:
        """After `standing_on`: `standing_status` and `standing_since`, to sort and select by."""
        standing = Finding.objects.filter(pk=models.OuterRef("standing_id"))
        status = Coalesce(
            models.Subquery(standing.values("status")), models.Value(method.NOT_ASSESSED)
        )
        return self.annotate(
            standing_status=status,
            standing_since=models.Subquery(standing.values("effective_on")),
            standing_confidence=Coalesce(
                models.Subquery(standing.values("confidence")), models.Value(NONE)
            ),
        )

    def with_words(self, day: date, known: datetime | None = None) -> Self:
        """With `kind_then`, `nature_then`, `baseline_then` and `review`: what is selected by.

        They are read as they stood at `known`; `review` says how the review date stands on `day`.
        """
        words = {f"{name}_then": value_at("measure", name, known) for name in ("kind", "nature")}
        baseline = NullIf(value_at("measure", "baseline", known), models.Value(""))
        rows = self.annotate(
            baseline_then=Coalesce(baseline, models.Value(NONE)),
            review_then=value_at("measure", "review_on", known, models.DateField()),
            **words,
        )
        return rows.annotate(
            review=models.Case(
                models.When(review_then=None, then=models.Value(NONE)),
                models.When(review_then__lt=day, then=models.Value("overdue")),
                default=models.Value("ahead"),
            )
        )

    def of_bodies(self, bodies: Iterable[models.Model]) -> Self:
        """Those that at least one of these bodies is responsible for, each once."""
        return self.filter(bodies__in=list(bodies)).distinct()

    def matching(
        self,
        *,
        theme: Any = None,
        body: Any = None,
        **asked: Any,
    ) -> Self:
        """Those that have all of what is given: of each one value, or one of several.

        `status` and `confidence` only after `with_standing`, `schedule` only after
        `progress.with_schedule`, what else `COLUMNS` names only after `with_words`.
        """
        found = self
        for name, value in {"theme": theme, **asked}.items():
            if wanted := several(value):
                found = found.filter(**{f"{COLUMNS[name]}__in": wanted})
        if bodies := several(body):
            theirs = Measure.objects.filter(bodies__in=bodies)
            found = found.filter(pk__in=theirs.order_by().values("pk"))
        return found

    def sorted_by(self, order: str) -> Self:
        """In one of the orders of `ORDERS`; the order of the source decides between equals."""
        rank = models.Case(
            *(models.When(standing_status=s, then=n) for n, s in enumerate(method.SHOWN_STATUSES)),
            output_field=models.IntegerField(),
        )
        keys: dict[str, list[Any]] = {
            "status": [rank],
            "latest": [models.F("standing_since").desc(nulls_last=True)],
            "title": self._by_title() if order == "title" else [],
        }
        return self.order_by(*keys.get(order, ()), "theme__number", "position", "code")

    def _by_title(self) -> list[Any]:
        """By the title in the reader's language. No database knows how Chinese sounds: its titles
        are read, one query, and put in order here; of more than `MOST_BY_SOUND` none is.
        """
        if not method.reads_chinese():
            return ["title"]
        rows = list(self.order_by().values("pk", "title", "title_zh")[: MOST_BY_SOUND + 1])
        if len(rows) > MOST_BY_SOUND:
            return [Coalesce(NullIf("title_zh", models.Value("")), "title")]
        rows.sort(key=lambda row: place(said(row, "title").text))
        places = (models.When(pk=row["pk"], then=n) for n, row in enumerate(rows))
        return [models.Case(*places, default=len(rows), output_field=models.IntegerField())]

    def neighbours(
        self, measure: "Measure", day: date | None = None, known: datetime | None = None
    ) -> "tuple[Measure | None, Measure | None]":
        """The measure before and the one after, in the order of the source."""
        rows = self.of(measure.source, day, known).select_related("source")
        if not rows.filter(pk=measure.pk).exists():
            return None, None
        return nearest(rows, measure, backwards=True), nearest(rows, measure)

    def with_code(self, code: str) -> "Measure | None":
        """The one of that code, None where there is none among these; of one source."""
        return self.filter(code=code).first()

    def in_full(self) -> Self:
        """With what the page of one measure shows of other nouns."""
        return self.select_related("source", "theme__source", "passage__source").prefetch_related(
            "bodies"
        )


class Measure(Tracked):
    """One commitment: the words of the source, and the criteria it is judged by."""

    source = models.ForeignKey(
        "Source", models.PROTECT, related_name="measures", verbose_name=_("source")
    )
    theme = models.ForeignKey(
        "Theme", models.PROTECT, related_name="measures", verbose_name=_("theme")
    )
    passage = models.ForeignKey(
        "Passage", models.PROTECT, related_name="measures", verbose_name=_("passage")
    )
    code = CodeField(_("code"), max_length=20)
    position = models.PositiveIntegerField(
        _("position"), help_text=_("Place within the theme, counted from 1.")
    )
    slug = CodeField(_("slug"), max_length=80)
    short = LineField(_("short name"), max_length=40, help_text=_("The name on a tile."))
    short_zh = LineField(_("short name (zh)"), max_length=40, blank=True)
    title = LineField(_("title"), max_length=200)
    title_zh = LineField(_("title (zh)"), max_length=200, blank=True)
    quotation = ProseField(_("quotation"), help_text=_("Verbatim from the passage."))
    done_when = ProseField(
        _("criteria"), blank=True, help_text=_("The written test that an assessor applies.")
    )
    done_when_zh = ProseField(_("criteria (zh)"), blank=True)
    kind = TermField(_("kind"), choices=method.choices(method.KINDS))
    nature = TermField(_("nature"), choices=method.choices(method.NATURES))
    baseline = TermField(
        _("baseline"),
        choices=method.choices(method.BASELINES),
        blank=True,
        help_text=_("What stood already on the day of the source."),
    )
    verifiability = TermField(
        _("verifiability"), choices=method.choices(method.VERIFIABILITIES), blank=True
    )
    bodies: "models.ManyToManyField[Body, models.Model]" = models.ManyToManyField(
        "Body", blank=True, related_name="measures", verbose_name=_("responsible bodies")
    )
    due_on = models.DateField(
        _("due on"),
        null=True,
        blank=True,
        help_text=_("The last day, only where the source itself states a deadline."),
    )
    due_as_said = LineField(
        _("time as said"),
        max_length=120,
        blank=True,
        help_text=_("The source's own words on time, such as “promptly”."),
    )
    due_as_said_zh = LineField(_("time as said (zh)"), max_length=120, blank=True)
    analyst = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="measures",
        verbose_name=_("analyst"),
        help_text=_("Who keeps it up to date."),
    )
    review_on = models.DateField(
        _("review by"),
        null=True,
        blank=True,
        help_text=_("Past this day the finding is shown as stale."),
    )
    retired_on = models.DateField(
        _("retired on"),
        null=True,
        blank=True,
        help_text=_("Left out of counts and lists from now on; its findings stay."),
    )

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ("source", "theme__number", "position")
        indexes = [
            models.Index(fields=["source", "review_on"], name="measure_review"),
            # A long list is read in its own order, from wherever the reader is.
            models.Index(fields=["source", "theme", "position", "code"], name="measure_in_order"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["source", "code"], name="measure_code_once"),
            models.UniqueConstraint(fields=["source", "slug"], name="measure_slug_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=list(method.KINDS)), name="measure_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(nature__in=list(method.NATURES)), name="measure_nature_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {said(self, 'title').text}"

    @property
    def record_key(self) -> str:
        return f"{self.source.slug}/{self.code}"

    @property
    def kind_term(self) -> method.Term:
        """The kind as the method defines it."""
        return method.KINDS[self.kind]

    @property
    def nature_term(self) -> method.Term:
        """The nature as the method defines it."""
        return method.NATURES[self.nature]

    @property
    def baseline_term(self) -> method.Term | None:
        """What stood already on the day of the source, as the method defines it."""
        return method.BASELINES.get(self.baseline)

    @property
    def verifiability_term(self) -> method.Term | None:
        """How far the criteria can be tested, as the method defines it."""
        return method.VERIFIABILITIES.get(self.verifiability)

    def get_absolute_url(self) -> str:
        return self.source.address("measure-detail", self.code)

    @property
    def drafts_url(self) -> str:
        """Where a draft on this measure begins."""
        return self.source.address("draft-create", self.code)

    @property
    def notes_url(self) -> str:
        """Where a note on this measure is left."""
        return self.source.address("note-create", self.code)

    @property
    def care_url(self) -> str:
        """Where analyst and review date are set."""
        return self.source.address("measure-care", self.code)

    @property
    def history_url(self) -> str:
        """The page of everything that was changed on and under this measure."""
        return self.source.address("measure-history", self.code)

    def possible_analysts(self) -> "models.QuerySet[User]":
        """Who may take care of it: active people who write findings, and whoever does so now."""
        writers = User.objects.with_perm(
            "measures.add_draft", backend="django.contrib.auth.backends.ModelBackend"
        )
        possible = models.Q(pk__in=writers.values("pk")) | models.Q(pk=self.analyst_id)
        return User.objects.filter(possible).order_by("display_name", "username")

    def clean(self) -> None:
        """Theme and passage are of the same source; the quotation stands verbatim in the passage.

        The latter only where the full text is loaded.
        """
        for name in ("theme", "passage"):
            other = getattr(self, name, None)
            if other is not None and other.source != getattr(self, "source", None):
                raise ValidationError({name: _("It is of another source. Choose one of the same.")})
        passage = getattr(self, "passage", None)  # A form may leave it out.
        if passage is not None and passage.text and self.quotation not in passage.text:
            raise ValidationError(
                {
                    "quotation": _("These words do not stand in %(passage)s of the source.")
                    % {"passage": passage}
                }
            )

    @property
    def has_criteria(self) -> bool:
        """Whether the test that an assessor applies is written, in either language."""
        return bool(self.done_when or self.done_when_zh)

    def is_stale(self, day: date) -> bool:
        """Whether the review date has passed by `day`."""
        return self.review_on is not None and self.review_on < day
