"""The period of a brief, and the part of the register that it tells of."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from .. import method
from ..models import Body, Source, Theme, in_order
from ..progress import When, a_year_before
from .time import DayField, written


def as_of_the_end(query: QueryDict) -> QueryDict:
    """The query with `to`, which means the same and wins, said as `as_of`."""
    told = query.copy()
    ends = [end for end in told.pop("to", []) if end.strip()]
    if ends:
        told["as_of"] = ends[-1]
    return told


class BriefForm(forms.Form):
    """`from`, `theme`, `body` and `lang` of an address; the end of the period is the day of `when`.

    What cannot be meant is said in `problems` and left out.
    """

    theme = forms.ModelMultipleChoiceField(
        Theme.objects.none(),
        required=False,
        to_field_name="slug",
        label=gettext_lazy("Themes"),
        widget=forms.CheckboxSelectMultiple,
    )
    body = forms.ModelMultipleChoiceField(
        Body.objects.none(),
        required=False,
        to_field_name="slug",
        label=gettext_lazy("Bodies"),
        widget=forms.CheckboxSelectMultiple,
    )
    lang = forms.ChoiceField(
        required=False, label=gettext_lazy("Language"), choices=method.choices(method.LANGUAGES)
    )

    use_required_attribute = False

    def __init__(self, data: QueryDict, source: Source, when: When) -> None:
        super().__init__(data)
        self.when = when
        # The name is a word of Python.
        self.fields["from"] = DayField(required=False, label=_("From"))
        self.fields["theme"].queryset = source.themes.order_by("number")  # type: ignore[attr-defined]
        bodies = Body.objects.responsible(source)
        self.fields["body"].queryset = bodies  # type: ignore[attr-defined]
        self.fields["body"].choices = lambda: [  # type: ignore[attr-defined]
            (each.slug, str(each)) for each in in_order(bodies)
        ]

    def clean_from(self) -> date | None:
        """The first day: not in the future, not after the last one; None where none is given."""
        day: date | None = self.cleaned_data["from"]
        if day is None or day <= self.when.day:
            return day
        sentence = _("%(day)s is after %(end)s, the end of the period. A year before it is shown.")
        if day > self.when.today:
            sentence = _(
                "%(day)s is in the future, and nothing is known of it. The year up to %(end)s is "
                "shown."
            )
        raise ValidationError(sentence % {"day": written(day), "end": written(self.when.day)})

    @property
    def first(self) -> date:
        """The day that the period begins with; a year before its end unless said otherwise."""
        self.is_valid()
        day = self.cleaned_data.get("from") or a_year_before(self.when.day)
        return max(day, self.when.earliest)

    @property
    def themes(self) -> tuple[Theme, ...]:
        """The themes it is limited to; none means all."""
        self.is_valid()
        return tuple(self.cleaned_data.get("theme", ()))

    @property
    def bodies(self) -> tuple[Body, ...]:
        """The bodies it is limited to; none means all."""
        self.is_valid()
        return tuple(self.cleaned_data.get("body", ()))

    @property
    def language(self) -> str:
        """The language that a document is asked for in, else that of the page."""
        self.is_valid()
        asked = {"en": "en", "zh": "zh-hans"}.get(self.cleaned_data.get("lang", ""))
        return asked or get_language() or "en"

    @property
    def problems(self) -> list[str]:
        """Why the page does not show what was asked for, each with the name of its field."""
        self.is_valid()
        found = [
            f"{self.fields[name].label}: {error}"
            for name, errors in self.errors.items()
            for error in errors
        ]
        day = self.cleaned_data.get("from")
        if day and day < self.when.earliest:
            sentence = _(
                "%(day)s is before %(earliest)s, the day of the source: nothing had been promised. "
                "The period begins on that day."
            )
            told = {"day": written(day), "earliest": written(self.when.earliest)}
            found.append(sentence % told)
        return found

    @property
    def query(self) -> str:
        """What an address must carry to bring the same brief, its two days said."""
        return self._query(self.first, self.when.day)

    @property
    def periods(self) -> list[tuple[str, date, date, str]]:
        """What people ask for most: label, first and last day, and the query of that period."""
        when = self.when
        quarter = when.quarter_end
        periods = [
            (_("Last quarter"), _quarter_before(quarter), quarter),
            (_("Last twelve months"), when.year_ago, when.today),
            (_("Since the day of the source"), when.earliest, when.today),
        ]
        return [
            (label, first, last, self._query(first, last))
            for label, first, last in periods
            if first >= when.earliest
        ]

    def _query(self, first: date, last: date) -> str:
        told: list[tuple[str, Any]] = [("from", first.isoformat()), ("to", last.isoformat())]
        told += [("theme", theme.slug) for theme in self.themes]
        told += [("body", body.slug) for body in self.bodies]
        if self.when.known:
            told.append(("known", self.when.known_as))
        return urlencode(told)


def _quarter_before(end: date) -> date:
    """The last day of the quarter before the one that ends on `end`."""
    return end.replace(month=end.month - 2, day=1) - timedelta(days=1)
