import re
from datetime import date, datetime, timedelta
from itertools import chain, count
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import connections, models
from django.db.models.functions import Coalesce, ExtractYear
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .. import method
from .body import Body
from .citation import Citation
from .fields import CodeField, LineField, ProseField, TermField, readable
from .frozen import FrozenCitation
from .languages import said
from .link_check import LinkCheck
from .past import value_at
from .record_entry import RecordEntry
from .several import several
from .tracked import Tracked

# What stands for the outcome where the page was never checked.
UNCHECKED = "unchecked"
# What documents are selected by, one value each, and where it is read.
COLUMNS = {
    "kind": "kind_then",
    "tier": "tier_then",
    "year": "year",
    "language": "language_then",
    "checked": "checked_then",
    "link": "link",
}
# The first day of the year of a day.
NEW_YEAR = {
    "sqlite": "strftime('%Y-01-01', day)",
    "postgresql": "date_trunc('year', day)::date",
}
EARLY = timedelta(hours=2)
NOT_SAFE = _("An archived copy has a full address that begins with https://.")
NO_ARCHIVE = _("Say where the copy is that was archived on this day.")


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def newest_first(self) -> Self:
        """By the day of issue, undated ones last."""
        return self.order_by(models.F("issued_on").desc(nulls_last=True), "key")

    def on(self, day: date, known: datetime | None = None) -> Self:
        """Those issued by `day`, or undated, and entered or judged upon by `known`."""
        found = self.filter(models.Q(issued_on=None) | models.Q(issued_on__lte=day))
        if known is None:
            return found
        judged = FrozenCitation.objects.filter(
            evidence=models.OuterRef("pk"), finding__recorded_at__lte=known
        )
        entered = RecordEntry.objects.entering("evidence", known)
        return found.filter(models.Exists(entered) | models.Exists(judged))

    def matching(
        self,
        *,
        body: Any = None,
        cited: "models.QuerySet[Any] | None" = None,
        **asked: Any,
    ) -> Self:
        """Those that have all of what is given: of each one value, or one of several.

        `body` is of the issue, `cited` are citations one of which is of theirs; what `COLUMNS`
        names only after `with_words`.
        """
        found = self
        for name, value in asked.items():
            if wanted := several(value):
                found = found.filter(**{f"{COLUMNS[name]}__in": wanted})
        if bodies := several(body):
            issued = Evidence.objects.filter(bodies__in=bodies)
            found = found.filter(pk__in=issued.order_by().values("pk"))
        if cited is not None:
            found = found.filter(pk__in=cited.order_by().values("evidence"))
        return found

    def with_words(self, known: datetime | None = None) -> Self:
        """With what `COLUMNS` names, as it stood at `known`.

        `year` is 0 for the undated, `link` the outcome of the last check of the cited page.
        """
        rows = self.annotate(
            kind_then=value_at("evidence", "kind", known),
            tier_then=value_at("evidence", "tier", known, models.IntegerField()),
            language_then=value_at("evidence", "language", known),
            checked_then=value_at("evidence", "checked_state", known),
            issued_then=value_at("evidence", "issued_on", known, models.DateField()),
            url_then=value_at("evidence", "url", known),
        )
        checks = LinkCheck.objects.filter(
            evidence=models.OuterRef("pk"), address=models.OuterRef("url_then")
        )
        last = checks.by(known).newest_first().values("outcome")[:1]
        return rows.annotate(
            year=Coalesce(ExtractYear("issued_then"), models.Value(0)),
            link=Coalesce(models.Subquery(last), models.Value(UNCHECKED)),
        )

    def with_bearing(self, citations: "models.QuerySet[Any]", known: datetime | None) -> Self:
        """One row for each of these citations, with `bearing_then`."""
        cited = self.filter(citations__in=citations.order_by())
        return cited.annotate(
            bearing_then=value_at("citation", "bearing", known, row="citations__pk")
        )

    def found_by(self, text: str) -> Self:
        """Those with the text in a title of either language or in the document number."""
        if not text.strip():
            return self.none()
        wanted = {
            f"{name}__icontains": text.strip() for name in ("title", "title_zh", "document_number")
        }
        return self.filter(models.Q(*wanted.items(), _connector=models.Q.OR))

    def free_key(self, title: str, issued_on: date | None = None) -> str:
        """A key that nothing has yet, made of the title and the year of issue."""
        words = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60].rstrip("-")
        stem = f"{words or 'document'}-{issued_on.year}" if issued_on else words or "document"
        taken = set(self.filter(key__startswith=stem).values_list("key", flat=True))
        keys = chain([stem], (f"{stem}-{number}" for number in count(2)))
        return next(key for key in keys if key not in taken)

    def with_key(self, key: str) -> "Evidence | None":
        """The one of that key, None where there is none among these."""
        return self.filter(key=key).first()

    def uncited(self) -> Self:
        """Those attached to no measure."""
        return self.filter(citations=None)

    def cited(self) -> Self:
        """Those attached to a measure."""
        return self.filter(models.Exists(Citation.objects.filter(evidence=models.OuterRef("pk"))))

    def linked(self) -> Self:
        """Those whose page can be asked for."""
        return self.filter(url__startswith="http")

    def longest_unchecked(self) -> Self:
        """Those with a link, with the moment of their last check: the never checked come first.

        A check of an address that was mended since is none.
        """
        of_this_address = models.Q(link_checks__address=models.F("url"))
        found = self.linked().annotate(
            last_at=models.Max("link_checks__at", filter=of_this_address)
        )
        return found.order_by(models.F("last_at").asc(nulls_first=True), "key")

    def unchecked_since(self, moment: datetime) -> Self:
        """Of those `longest_unchecked`, the ones without a check since the moment."""
        return self.filter(models.Q(last_at=None) | models.Q(last_at__lt=moment))

    def due(self, moment: datetime) -> Self:
        """Of those `longest_unchecked`, the ones whose next check has come by the moment.

        A page that did not answer is asked again sooner than its own interval says.
        """
        theirs = LinkCheck.objects.filter(
            evidence=models.OuterRef("pk"), address=models.OuterRef("url")
        ).newest_first()
        found = self.annotate(last_outcome=models.Subquery(theirs.values("outcome")[:1]))

        def waited(days: int) -> models.Q:
            # Whoever looks once a day at the same hour is a little early every other time.
            return models.Q(last_at__lte=moment - timedelta(days=days) + EARLY)

        waiting = models.Q(last_at=None)
        waiting |= models.Q(last_outcome__in=method.SILENT) & waited(method.SILENT_EVERY)
        for days in method.CHECKED_EVERY:
            waiting |= models.Q(check_every=days) & waited(days)
        return found.filter(waiting)

    def with_last_checks(self, known: datetime | None = None) -> Self:
        """With the ids of the last two checks of its page that were made by `known`, if any."""
        theirs = LinkCheck.objects.filter(evidence=models.OuterRef("pk")).by(known).newest_first()
        last, before = theirs.values("pk")[:1], theirs.values("pk")[1:2]
        return self.annotate(last_check=models.Subquery(last), check_before=models.Subquery(before))

    def last_found(self, *outcomes: str) -> Self:
        """Those whose last check had one of these outcomes."""
        theirs = LinkCheck.objects.filter(evidence=models.OuterRef("pk")).newest_first()
        found = self.annotate(last_outcome=models.Subquery(theirs.values("outcome")[:1]))
        return found.filter(last_outcome__in=outcomes)

    def with_measures(self, day: date | None = None, known: datetime | None = None) -> Self:
        """With the measures that each bears on: on `day` as known at `known`, None meaning now."""
        citations = Citation.objects.select_related("measure__source", "measure__theme").order_by(
            "measure__theme__number", "measure__position"
        )
        if day is not None:
            citations = citations.on(day, known)
        return self.prefetch_related(models.Prefetch("citations", citations))

    def cited_by(self, citations: "models.QuerySet[Citation]") -> Self:
        """Those of these citations, with these citations alone."""
        found = self.filter(pk__in=citations.order_by().values("evidence"))
        return found.prefetch_related(models.Prefetch("citations", citations))

    def years(self) -> list[int]:
        """The years in which evidence was issued, newest first; from year to year by the index."""
        connection = connections[self.db]
        table, new_year = self.model._meta.db_table, NEW_YEAR[connection.vendor]
        sql = f"""
            WITH RECURSIVE newest(day) AS (
                SELECT MAX(issued_on) FROM {table}
                UNION ALL
                SELECT (SELECT MAX(issued_on) FROM {table} WHERE issued_on < {new_year})
                FROM newest WHERE day IS NOT NULL
            ) SELECT day FROM newest WHERE day IS NOT NULL"""  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return [int(str(day)[:4]) for (day,) in cursor.fetchall()]


class Evidence(Tracked):
    """One document in the world: a law, an interpretation, a plan, a statistic, a case.

    `tier` is 1 (nearest to the fact) to 5; `checked_*` say what was read to confirm it.
    """

    key = CodeField(_("key"), max_length=80, unique=True)
    title = LineField(_("title"), max_length=300)
    title_zh = LineField(_("title (zh)"), max_length=300, blank=True)
    title_zh_ours = models.BooleanField(
        _("Chinese title is ours"),
        default=False,
        help_text=_("The Chinese title is our rendering, not the document's own."),
    )
    kind = TermField(_("kind"), choices=method.choices(method.EVIDENCE_KINDS))
    issuer = LineField(_("issuer"), max_length=400, blank=True)
    issuer_zh = LineField(_("issuer (zh)"), max_length=400, blank=True)
    bodies: "models.ManyToManyField[Body, models.Model]" = models.ManyToManyField(
        "Body", blank=True, related_name="evidence", verbose_name=_("issuing bodies")
    )
    tier = models.PositiveSmallIntegerField(_("source tier"), choices=method.numbered(method.TIERS))
    document_number = LineField(_("document number"), max_length=120, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    effective_on = models.DateField(_("in force since"), null=True, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=method.choices(method.LANGUAGES), default="zh"
    )
    url = models.URLField(_("link"), max_length=500, blank=True)
    archive_url = models.URLField(
        _("archived copy"),
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=["https"], message=NOT_SAFE, code="https")],
        help_text=_(
            "Where an archive of the web keeps the page, such as https://web.archive.org/web/…"
        ),
    )
    archived_on = models.DateField(
        _("archived on"), null=True, blank=True, help_text=_("The day of the archived copy.")
    )
    check_every = models.PositiveSmallIntegerField(
        _("page checked every"),
        choices=method.intervals(method.CHECKED_EVERY),
        default=30,
        help_text=_("How often the tracker looks whether the page is still there."),
    )
    checked_state = TermField(
        _("checked"), choices=method.choices(method.CHECKS), default="unverified"
    )
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    checked_how = ProseField(_("how it was checked"), blank=True)
    seen_at = models.JSONField(
        _("seen at"),
        default=list,
        blank=True,
        help_text=_("Other pages on which the text was read."),
    )

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = (models.F("issued_on").desc(nulls_last=True), "key")
        indexes = [models.Index(fields=["-issued_on", "key"], name="evidence_newest")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(tier__in=list(method.TIERS)), name="evidence_tier_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=list(method.EVIDENCE_KINDS)), name="evidence_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(check_every__in=list(method.CHECKED_EVERY)),
                name="evidence_check_every_known",
            ),
            models.CheckConstraint(
                condition=models.Q(archive_url="") | models.Q(archive_url__startswith="https://"),
                name="evidence_archive_https",
                violation_error_message=NOT_SAFE,
            ),
            models.CheckConstraint(
                condition=models.Q(archived_on=None) | ~models.Q(archive_url=""),
                name="evidence_archived_where",
                violation_error_message=NO_ARCHIVE,
            ),
        ]

    def __str__(self) -> str:
        return said(self, "title").text

    def clean(self) -> None:
        """What the fields of addresses cannot hold to by themselves."""
        super().clean()
        told = {"url": [self.url], "archive_url": [self.archive_url], "seen_at": self.seen_at}
        for name, addresses in told.items():
            try:
                for address in addresses:
                    readable(str(address))
            except ValidationError as error:
                raise ValidationError({name: error}) from error
        if self.archived_on and not self.archive_url:
            raise ValidationError({"archive_url": NO_ARCHIVE})

    @property
    def record_key(self) -> str:
        return self.key

    @property
    def kind_term(self) -> method.Term:
        """The kind as the method defines it."""
        return method.EVIDENCE_KINDS[self.kind]

    @property
    def tier_term(self) -> method.Tier:
        """The tier as the method defines it."""
        return method.TIERS[self.tier]

    @property
    def checked_term(self) -> method.Term:
        """How far it was checked, as the method defines it."""
        return method.CHECKS[self.checked_state]

    @property
    def history_url(self) -> str:
        """The page of everything that was changed on it and its citations."""
        return reverse("evidence-history", args=[self.key])

    @property
    def newest_copy(self) -> str:
        """The hash of the copy that was attached last, empty where none is held."""
        if self.pk is None:
            return ""
        held = sorted(self.attachments.all(), key=lambda each: (each.added_at, each.pk))
        return held[-1].sha256 if held else ""

    def get_absolute_url(self) -> str:
        return reverse("evidence-detail", args=[self.key])
