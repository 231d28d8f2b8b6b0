import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .. import method
from .citation import Citation
from .fields import ProseField, TermField
from .judgement import Judgement
from .tracked import Tracked


class DraftQuerySet(models.QuerySet["Draft"]):
    def of(self, person: models.Model) -> Self:
        """Those that the person writes."""
        return self.filter(author=person)

    def with_uid(self, uid: uuid.UUID) -> "Draft | None":
        """The one of that id, None where there is none among these."""
        return self.filter(uid=uid).first()

    def in_state(self, *states: str) -> Self:
        """Those in one of these states."""
        return self.filter(state__in=states)

    def queue(self, reviewer: models.Model | None = None) -> Self:
        """Those that wait for a decision, the longest waiting first; none of the reviewer's own."""
        waiting = self.in_state("submitted").order_by("submitted_at", "pk")
        return waiting if reviewer is None else waiting.exclude(author=reviewer)

    def submitted_before(self, moment: datetime) -> Self:
        """Those handed in before the moment."""
        return self.filter(submitted_at__lt=moment)

    def in_full(self) -> Self:
        """With its measure, people and the findings it names."""
        return self.select_related(
            "measure__source",
            "measure__theme__source",
            "measure__passage__source",
            "author",
            "decided_by",
            "written_against__measure__source",
            "supersedes__measure__source",
            "finding__measure__source",
        )


class Draft(Judgement, Tracked):
    """A proposed finding on its way: written, submitted, returned, approved or withdrawn.

    `written_against` is the finding that stood when the draft was begun: if another stands at
    approval, the approval is refused.
    """

    uid = models.UUIDField(_("id"), default=uuid.uuid4, unique=True, editable=False)
    measure = models.ForeignKey(
        "Measure", models.PROTECT, related_name="drafts", verbose_name=_("measure")
    )
    state = TermField(_("state"), choices=method.choices(method.DRAFT_STATES), default="writing")
    citations: "models.ManyToManyField[Citation, models.Model]" = models.ManyToManyField(
        "Citation", blank=True, related_name="drafts", verbose_name=_("evidence cited")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="drafts", verbose_name=_("author")
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decision_note = ProseField(_("reviewer's note"), blank=True)
    written_against = models.ForeignKey(
        "Finding",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("written against"),
    )
    supersedes = models.ForeignKey(
        "Finding",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("corrects"),
    )
    finding = models.OneToOneField(
        "Finding",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="draft",
        verbose_name=_("became"),
    )
    is_late = models.BooleanField(
        _("late record"),
        default=False,
        help_text=_("It took effect before the latest finding, and we learnt of it only now."),
    )
    submitted_as = models.JSONField(_("as submitted"), null=True, blank=True, editable=False)
    begun_at = models.DateTimeField(_("begun"), auto_now_add=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ("-begun_at",)
        permissions = [("approve_draft", _("Can approve or return drafts"))]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=list(method.DRAFT_STATES)), name="draft_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=list(method.STATUSES)), name="draft_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state="approved", finding__isnull=False)
                | (~models.Q(state="approved") & models.Q(finding=None)),
                name="draft_approved_is_a_finding",
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(code)s → %(status)s (%(state)s)") % {
            "code": self.measure.code,
            "status": self.term.label,
            "state": self.get_state_display(),
        }

    @property
    def record_key(self) -> str:
        return str(self.uid)
