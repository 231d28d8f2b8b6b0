"""The parts of the method as its page has them, to which a desk may add words of its own."""

from django.utils.translation import gettext_lazy as _

PLACES = (
    ("preface", _("Before all parts")),
    ("statuses", _("Statuses")),
    ("rules", _("Rules")),
    ("confidence", _("Confidence")),
    ("tiers", _("Source tiers")),
    ("stages", _("Legal stages")),
    ("bearings", _("Bearing of evidence")),
    ("natures", _("Nature of a commitment")),
    ("schedules", _("Schedule")),
    ("baseline", _("Baseline")),
    ("review", _("Review")),
)
