from django.db import models
from django.utils.translation import gettext_lazy as _

from .. import method
from .fields import LineField, ProseField, TermField


class Judgement(models.Model):
    """What is said of a measure: by a draft as a proposal, by a finding for good."""

    status = TermField(_("status"), choices=method.choices(method.STATUSES))
    effective_on = models.DateField(
        _("in effect since"), help_text=_("The day the fact took effect in the world.")
    )
    confidence = TermField(_("confidence"), choices=method.choices(method.CONFIDENCES))
    confidence_reason = LineField(_("reason for the confidence"), max_length=300, blank=True)
    confidence_reason_zh = LineField(
        _("reason for the confidence (zh)"), max_length=300, blank=True
    )
    rationale = ProseField(_("rationale"), blank=True)
    rationale_zh = ProseField(_("rationale (zh)"), blank=True)
    search_where = ProseField(
        _("where the search ran"), blank=True, help_text=_("For “No evidence found”.")
    )
    search_languages = LineField(_("languages of the search"), max_length=120, blank=True)
    search_terms = ProseField(_("terms of the search"), blank=True)
    searched_until = models.DateField(_("searched up to"), null=True, blank=True)
    correction_reason = ProseField(
        _("what was wrong"), blank=True, help_text=_("For a correction of an earlier finding.")
    )

    class Meta:
        abstract = True

    @property
    def term(self) -> method.Status:
        """The status as the method defines it."""
        return method.STATUSES[self.status]

    @property
    def confidence_term(self) -> method.Term:
        """The confidence as the method defines it."""
        return method.CONFIDENCES[self.confidence]


# The names of what is judged, in their order.
JUDGED = tuple(field.name for field in Judgement._meta.fields)
