"""Two days side by side, as an address carries them."""

from dataclasses import replace
from datetime import date

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from ..models import Source
from ..progress import When
from .time import DayField, in_the_future, unpromised, with_instead


class PeriodForm(forms.Form):
    """`from` and `to` of an address; without them `usual` and the day of `when`.

    What cannot be meant is said in `problems`, by name in `refusals`, and the nearest day that the
    register can tell of stands instead. `first` and `last` are the two days, `when` shows the page
    at the second.
    """

    use_required_attribute = False

    def __init__(self, data: QueryDict, source: Source, when: When, *, usual: date) -> None:
        super().__init__(data)
        self.fields["from"] = DayField(required=False, label=_("From"))
        self.fields["to"] = DayField(required=False, label=_("To"))
        self.asked, self.source = when, source
        self.is_valid()
        self.refusals = {name: errors[0] for name, errors in self.errors.as_data().items()}
        days = self._possible("from", usual), self._possible("to", when.day)
        self.first, self.last = min(days), max(days)
        self.problems = [with_instead(error) for error in self.refusals.values()]
        self.is_exchanged = days != (self.first, self.last)
        if self.is_exchanged:
            self.problems.append(_("The first day was after the second; they were exchanged."))

    def _possible(self, name: str, usual: date) -> date:
        day = self.cleaned_data.get(name) or usual
        earliest, today = self.source.delivered_on, self.asked.today
        if day > today:
            self.refusals[name] = in_the_future(day)
        elif day < earliest:
            self.refusals[name] = unpromised(day, earliest)
        return max(min(day, today), earliest)

    @property
    def when(self) -> When:
        """The dates of the page."""
        return replace(self.asked, day=self.last)

    @property
    def periods(self) -> list[tuple[str, date]]:
        """Up to today from the days that people ask for most, by name."""
        when = self.asked
        found = [
            (_("Since the day of the source"), self.source.delivered_on),
            (_("Since a year ago"), when.year_ago),
            (_("Since the end of last quarter"), when.quarter_end),
        ]
        return [(label, day) for label, day in found if day >= self.source.delivered_on]


class CompareForm(PeriodForm):
    """The same, and whether the first day is read as it was known then or as it is known now."""

    hindsight = forms.BooleanField(required=False)

    @property
    def looks_back(self) -> bool:
        """Whether both days are read as known for the second."""
        return bool(self.cleaned_data.get("hindsight"))
