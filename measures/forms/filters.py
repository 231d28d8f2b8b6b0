"""What a list is filtered by."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .. import charts, method
from ..models import Body, Evidence, Source, Theme, in_order
from ..text import language_of


def _options(terms: dict[str, Any], everything: Any) -> list[tuple[str, Any]]:
    return [("", everything), *method.choices(terms)]


class Named(forms.Select):
    """A choice among objects whose names may be in either language."""

    def create_option(self, name: str, value: Any, label: Any, *args: Any, **more: Any) -> Any:
        """As of any choice, with its language where that is not the reader's."""
        option = super().create_option(name, value, label, *args, **more)
        spoken = language_of(str(label))
        if spoken != method.readers_language():
            option["attrs"]["lang"] = spoken
        return option


class SlugField(forms.ModelChoiceField):
    """One of these objects, named by its slug, or all of them; the form says which there are."""

    def __init__(self, model: type[Theme | Body], label: Any, everything: Any) -> None:
        super().__init__(
            model.objects.none(),
            required=False,
            to_field_name="slug",
            label=label,
            empty_label=everything,
            widget=Named,
        )
        self.by_name = model is Body

    def offer(self, rows: Any) -> None:
        """These objects, by name."""
        self.queryset = rows
        # Asked for only where they are shown.
        self.choices = lambda: [
            ("", self.empty_label),
            *((row.slug, str(row)) for row in (in_order(rows) if self.by_name else rows)),
        ]


class Filter(forms.Form):
    """A list's filters, read from the address. What cannot be read is said and left out."""

    use_required_attribute = False

    def wanted(self) -> dict[str, Any]:
        """What was asked for, by name, without what was left open or could not be read."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def query(self) -> dict[str, Any]:
        """The same as it stands in an address: only what was asked for."""
        wanted = self.wanted()
        return {name: self.data[name] for name in self.fields if name in wanted}

    @property
    def problems(self) -> list[str]:
        """What cannot be read, each with the name of its field."""
        return [
            gettext("%(field)s: %(problem)s") % {"field": self.fields[name].label, "problem": error}
            for name, errors in self.errors.items()
            for error in errors
        ]


class TrendFilter(Filter):
    """The part of a source whose trend is shown."""

    theme = SlugField(Theme, _("Theme"), _("All themes"))
    body = SlugField(Body, _("Body"), _("All bodies"))

    def __init__(self, data: Any, source: Source) -> None:
        super().__init__(data)
        self.fields["theme"].offer(source.themes.order_by("number"))  # type: ignore[attr-defined]
        self.fields["body"].offer(Body.objects.responsible(source))  # type: ignore[attr-defined]


class PictureFilter(TrendFilter):
    """The same for a picture, and its scheme of colours. What cannot be read is a problem."""

    scheme = forms.ChoiceField(
        required=False, label=_("Scheme"), choices=[(each, each) for each in charts.SCHEMES]
    )


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
        self.fields["theme"].offer(source.themes.order_by("number"))  # type: ignore[attr-defined]
        self.fields["body"].offer(Body.objects.issuing(source))  # type: ignore[attr-defined]


class HistoryFilter(Filter):
    """The filter of a history: everything, or only what was found."""

    only = forms.ChoiceField(
        required=False,
        label=_("Show"),
        choices=[("", _("Everything")), ("findings", _("Changes of status only"))],
    )
