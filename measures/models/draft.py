import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .. import method
from .citation import Citation
from .fields import ProseField, TermField
from .judgement import Judgement
from .tracked import Tracked


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
    begun_at = models.DateTimeField(_("begun"), auto_now_add=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)

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
        return f"{self.measure.code} → {self.term.en} ({self.get_state_display()})"

    @property
    def record_key(self) -> str:
        return str(self.uid)
