"""What a list is filtered by."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .. import charts, method
from ..models import Body, Evidence, Source, Theme
from ..models.measure import ORDERS

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


def _options(terms: dict[str, Any], everything: Any) -> list[tuple[str, Any]]:
    return [("", everything), *((slug, term.label) for slug, term in terms.items())]


class SlugField(forms.ModelChoiceField):
    """One of these objects, named by its slug, or all of them; the form says which there are."""

    def __init__(self, model: type[Theme | Body], label: Any, everything: Any) -> None:
        super().__init__(
            model.objects.none(),
            required=False,
            to_field_name="slug",
            label=label,
            empty_label=everything,
        )


class Filter(forms.Form):
    """A list's filters, read from the address. What cannot be read is said and left out."""

    use_required_attribute = False

    def wanted(self) -> dict[str, Any]:
        """What was asked for, by name, without what was left open or could not be read."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def query(self) -> dict[str, str]:
        """The same as it stands in an address: only what was asked for."""
        wanted = self.wanted()
        return {name: self.data[name] for name in self.fields if name in wanted}

    @property
    def problems(self) -> list[str]:
        """What cannot be read, each with the name of its field."""
        return [
            f"{self.fields[name].label}: {error}"
            for name, errors in self.errors.items()
            for error in errors
        ]


class MeasureFilter(Filter):
    """The filters and the order of the list of measures of one source."""

    theme = SlugField(Theme, _("Theme"), _("All themes"))
    status = forms.ChoiceField(required=False, label=_("Status"))
    body = SlugField(Body, _("Body"), _("All bodies"))
    kind = forms.ChoiceField(required=False, label=_("Kind"))
    nature = forms.ChoiceField(required=False, label=_("Nature"))
    schedule = forms.ChoiceField(required=False, label=_("Schedule"))
    order = forms.ChoiceField(required=False, label=_("Sort by"))

    def __init__(self, data: Any, source: Source) -> None:
        super().__init__(data)
        choices = {
            "status": _options(method.SHOWN_STATUSES, _("All statuses")),
            "kind": _options(method.KINDS, _("All kinds")),
            "nature": _options(method.NATURES, _("Both natures")),
            "schedule": _options(method.SCHEDULES, _("Any schedule")),
            # The order of the source is how the list stands anyway: nothing to ask for.
            "order": [("" if key == "source" else key, label) for key, label in ORDERS.items()],
        }
        for name, options in choices.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]
        self.fields["theme"].queryset = source.themes.order_by("number")  # type: ignore[attr-defined]
        self.fields["body"].queryset = Body.objects.responsible(source)  # type: ignore[attr-defined]


class TrendFilter(Filter):
    """The part of a source whose trend is shown."""

    theme = SlugField(Theme, _("Theme"), _("All themes"))
    body = SlugField(Body, _("Body"), _("All bodies"))

    def __init__(self, data: Any, source: Source) -> None:
        super().__init__(data)
        self.fields["theme"].queryset = source.themes.order_by("number")  # type: ignore[attr-defined]
        self.fields["body"].queryset = Body.objects.responsible(source)  # type: ignore[attr-defined]


class PictureFilter(TrendFilter):
    """The same for a picture, and its scheme of colours. What cannot be read is a problem."""

    scheme = forms.ChoiceField(
        required=False, label=_("Scheme"), choices=[(each, each) for each in charts.SCHEMES]
    )


class EvidenceFilter(Filter):
    """The filters of the library of evidence."""

    kind = forms.ChoiceField(required=False, label=_("Kind"))
    tier = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, label=_("Source tier")
    )
    body = SlugField(Body, _("Issuing body"), _("All bodies"))
    year = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, label=_("Year of issue")
    )
    bearing = forms.ChoiceField(required=False, label=_("Bearing"))

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        tiers = [(number, f"{number} · {tier.label}") for number, tier in method.TIERS.items()]
        years = [(year, str(year)) for year in Evidence.objects.years()]
        choices = {
            "kind": _options(method.EVIDENCE_KINDS, _("All kinds")),
            "tier": [("", _("All tiers")), *tiers],
            "year": [("", _("All years")), *years],
            "bearing": _options(method.BEARINGS, _("Any bearing")),
        }
        for name, options in choices.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]
        self.fields["body"].queryset = Body.objects.issuing()  # type: ignore[attr-defined]


class TimelineFilter(Filter):
    """The filters of the timeline of one source."""

    theme = SlugField(Theme, _("Theme"), _("All themes"))
    stage = forms.ChoiceField(required=False, label=_("Legal stage"))
    bearing = forms.ChoiceField(required=False, label=_("Bearing"))
    body = SlugField(Body, _("Issuing body"), _("All bodies"))
    year = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, label=_("Year of issue")
    )

    def __init__(self, data: Any, source: Source) -> None:
        super().__init__(data)
        years = [(year, str(year)) for year in Evidence.objects.years()]
        choices = {
            "stage": _options(method.STAGES, _("All stages")),
            "bearing": _options(method.BEARINGS, _("Any bearing")),
            "year": [("", _("All years")), *years],
        }
        for name, options in choices.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]
        self.fields["theme"].queryset = source.themes.order_by("number")  # type: ignore[attr-defined]
        self.fields["body"].queryset = Body.objects.issuing(source)  # type: ignore[attr-defined]


class ChangesFilter(Filter):
    """The filter of the record: everything, or one kind of object."""

    noun = forms.ChoiceField(
        required=False, label=_("Show"), choices=[("", _("Everything")), *NOUNS.items()]
    )


class HistoryFilter(Filter):
    """The filter of a history: everything, or only what was found."""

    only = forms.ChoiceField(
        required=False,
        label=_("Show"),
        choices=[("", _("Everything")), ("findings", _("Changes of status only"))],
    )
