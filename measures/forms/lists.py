"""What the lists of measures, of evidence and of changes are filtered by."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .. import method, record
from ..models import Body, Evidence, Source, Theme, in_order
from ..models.evidence import UNCHECKED
from ..models.measure import NONE, ORDERS
from ..models.record_entry import CHANGES
from .facets import FacetFilter, Several, by_slug, labels
from .time import DayField

# What the public record tells of: accounts and drafts are for those who work here.
NOUNS = {
    "finding": _("Findings"),
    "measure": _("Measures"),
    "evidence": _("Evidence"),
    "citation": _("Citations"),
    "source": _("Sources"),
    "passage": _("Passages"),
    "theme": _("Themes"),
    "body": _("Bodies"),
}
REVIEWS = {
    "overdue": _("Review overdue"),
    "ahead": _("Review ahead"),
    NONE: _("No review set"),
}
UNDATED = "undated"


class MeasureFilter(FacetFilter):
    """The filters and the order of the list of measures of one source."""

    theme = Several(_("Theme"))
    status = Several(_("Status"), labels(method.SHOWN_STATUSES))
    body = Several(_("Body"))
    kind = Several(_("Kind"), labels(method.KINDS))
    nature = Several(_("Nature"), labels(method.NATURES))
    schedule = Several(_("Schedule"), labels(method.SCHEDULES))
    confidence = Several(_("Confidence"), labels(method.CONFIDENCES, (NONE, _("Not yet assessed"))))
    baseline = Several(_("Baseline"), labels(method.BASELINES, (NONE, _("Not stated"))))
    review = Several(_("Review"), REVIEWS.items())
    order = forms.ChoiceField(required=False, label=_("Sort by"))

    def __init__(
        self,
        data: Any,
        source: Source,
        known: datetime | None = None,
        themes: Iterable[Theme] | None = None,
    ) -> None:
        """`themes` are those of the source in their order, where they have been read."""
        super().__init__(data, known)
        of: Any = self.fields
        read = source.themes.order_by("number") if themes is None else themes
        of["theme"].offer(*by_slug(record.rewound(read, known)))
        bodies = record.rewound(Body.objects.responsible(source), known)
        of["body"].offer(*by_slug(in_order(bodies)))
        # The order of the source is how the list stands anyway: nothing to ask for.
        of["order"].choices = [("" if k == "source" else k, label) for k, label in ORDERS.items()]


class EvidenceFilter(FacetFilter):
    """The filters of the library of evidence."""

    kind = Several(_("Kind"), labels(method.EVIDENCE_KINDS))
    tier = Several(_("Source tier"))
    body = Several(_("Issuing body"))
    year = Several(_("Year of issue"))
    bearing = Several(_("Bearing"), labels(method.BEARINGS))
    language = Several(_("Language"), labels(method.LANGUAGES))
    checked = Several(_("Checked"), labels(method.CHECKS))
    link = Several(_("Link"), labels(method.LINK_OUTCOMES, (UNCHECKED, _("Never checked"))))

    def __init__(self, data: Any, known: datetime | None = None) -> None:
        super().__init__(data, known)
        of: Any = self.fields
        tiers = {str(number): number for number in method.TIERS}
        told = [(str(n), f"{n} · {tier.label}") for n, tier in method.TIERS.items()]
        of["tier"].offer(told, tiers, grows=False)
        of["body"].offer(*by_slug(in_order(record.rewound(Body.objects.issuing(), known))))
        years = {str(year): year for year in Evidence.objects.years()}
        of["year"].offer(
            [*((year, year) for year in years), (UNDATED, _("Undated"))], {**years, UNDATED: 0}
        )


class ChangesFilter(FacetFilter):
    """The filters of the record: what the changes were made to, of which kind, and when."""

    noun = Several(_("Show"), NOUNS.items())
    change = Several(pgettext_lazy("in the record", "Change"), CHANGES.items())
    since = DayField(required=False, label=_("Since"))
    until = DayField(required=False, label=_("Until"))
