"""The two dates of time travel, as an address carries them."""

import re
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..progress import When, end_of

# A day, or a moment with or without its offset; in an address the + of an offset is a space.
MOMENT = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)"
    r"(?P<time>T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(?P<offset>Z|[+ -]\d\d:\d\d)?)?",
    re.ASCII,
)
# Time zones are not reckoned near the ends of the calendar.
POSSIBLE_YEARS = range(1900, 2201)
LONGEST_SHOWN = 40
# What a page does about a date that it cannot show, after the sentence that says why it cannot.
FUTURE, UNRECORDED, UNPROMISED = "future", "unrecorded", "unpromised"
INSTEAD = {
    FUTURE: gettext_lazy("Today is shown."),
    UNRECORDED: gettext_lazy("What is known now is shown."),
    UNPROMISED: gettext_lazy("That day is shown."),
}


class DayInput(forms.TextInput):
    """A field for days; for text where it holds anything else, which it would show as empty."""

    input_type = "date"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """What the template shows."""
        context = super().get_context(name, value, attrs)
        try:
            date.fromisoformat(value or str(date.min))
        except ValueError:
            context["widget"]["type"] = "text"
        return context


class DayField(forms.CharField):
    """A day written as 2021-06-30, and in no other way."""

    widget = DayInput

    def to_python(self, value: Any) -> Any:
        """The day, None for an empty field."""
        told = super().to_python(value)
        return _day(told) if told else None


class MomentField(forms.CharField):
    """A moment written as 2021-06-30T09:00:00Z, or a day, which means its end."""

    widget = DayInput

    def to_python(self, value: Any) -> Any:
        """The moment, None for an empty field."""
        told = super().to_python(value)
        return _moment(told) if told else None


def _day(told: str) -> date:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", told, re.ASCII):
        raise _unreadable(told)
    try:
        return date.fromisoformat(told)
    except ValueError:
        raise _unreadable(told) from None


def _moment(told: str) -> datetime:
    match = MOMENT.fullmatch(told)
    if match is None or int(told[:4]) not in POSSIBLE_YEARS:
        raise _unreadable(told)
    try:
        if not match["time"]:
            return end_of(date.fromisoformat(told))
        moment = datetime.fromisoformat(told.replace(" ", "+"))
    except ValueError:
        raise _unreadable(told) from None
    return moment if match["offset"] else timezone.make_aware(moment)


def _unreadable(told: str) -> ValidationError:
    shown = told if len(told) <= LONGEST_SHOWN else told[:LONGEST_SHOWN] + "…"
    return ValidationError(
        _("“%(told)s” is no date. Write it as 2021-06-30.") % {"told": shown}, code="unreadable"
    )


class TimeForm(forms.Form):
    """`as_of` and `known` of an address. What cannot be meant is said, and today stands instead.

    `problems` are those sentences; `when` is what the page shows.
    """

    as_of = DayField(required=False, label=gettext_lazy("As of"))
    known = MomentField(required=False, label=gettext_lazy("As known on"))

    use_required_attribute = False

    def __init__(self, data: QueryDict, earliest: date) -> None:
        super().__init__(data)
        self.query = data
        self.today, self.earliest = timezone.localdate(), earliest

    def clean_as_of(self) -> date:
        """The day to show: not in the future, not before anything was promised."""
        day = self.cleaned_data["as_of"] or self.today
        if day > self.today:
            raise in_the_future(day)
        return day

    def clean_known(self) -> datetime | None:
        """The moment up to which the record is read, None for now; today means now."""
        moment: datetime | None = self.cleaned_data["known"]
        if moment is None or moment <= timezone.now():
            return moment
        if moment <= end_of(self.today):
            return None
        raise ValidationError(
            _("%(day)s is in the future, and nothing was recorded yet.")
            % {"day": written(timezone.localdate(moment))},
            code=UNRECORDED,
        )

    @property
    def when(self) -> When:
        """What the page shows, whatever was asked for."""
        self.is_valid()
        day = self.cleaned_data.get("as_of") or self.today
        known = self.cleaned_data.get("known")
        return When(
            day=max(day, self.earliest),
            today=self.today,
            earliest=self.earliest,
            known=known,
            known_as=self.data["known"].strip().replace(" ", "+") if known else "",
            is_asked=bool(self.data.get("as_of")) and not self.problems,
        )

    @property
    def others(self) -> list[tuple[str, str]]:
        """What else the address asks for: filters, but not the page of a list."""
        names = (name for name in self.query if name not in ("as_of", "known", "page"))
        return [(name, value) for name in names for value in self.query.getlist(name)]

    @property
    def choices(self) -> list[tuple[str, date, str]]:
        """The days that people ask for most: label, day, and the address of this page then."""
        when = self.when
        days = [
            (_("Today"), when.today),
            (_("End of last quarter"), when.quarter_end),
            (_("A year ago"), when.year_ago),
            (_("Day of the source"), when.earliest),
        ]
        return [
            (label, day, self._address({"as_of": day.isoformat()} if day != when.today else {}))
            for label, day in days
            if day >= when.earliest
        ]

    def _address(self, dates: dict[str, str]) -> str:
        return f"?{urlencode([*self.others, *dates.items()])}"

    @property
    def refusals(self) -> dict[str, ValidationError]:
        """Why each of the two dates cannot be shown, by name; without what stands instead."""
        found = {name: errors[0] for name, errors in self.errors.as_data().items()}
        if (day := self.cleaned_data.get("as_of")) and day < self.earliest:
            found["as_of"] = unpromised(day, self.earliest)
        return found

    @property
    def problems(self) -> list[str]:
        """Why the page does not show what was asked for, and what it shows."""
        return [with_instead(error) for error in self.refusals.values()]


def in_the_future(day: date) -> ValidationError:
    """Why a day after today cannot be shown."""
    sentence = _("%(day)s is in the future, and nothing is known of it.")
    return ValidationError(sentence % {"day": written(day)}, code=FUTURE)


def unpromised(day: date, earliest: date) -> ValidationError:
    """Why a day before the source cannot be shown."""
    sentence = _(
        "%(day)s is before %(earliest)s, the day of the source: nothing had been promised."
    )
    told = {"day": written(day), "earliest": written(earliest)}
    return ValidationError(sentence % told, code=UNPROMISED)


def with_instead(error: ValidationError) -> str:
    """The sentence for a page, which shows something else instead."""
    (sentence,) = error.messages
    return f"{sentence} {INSTEAD.get(error.code or '', '')}".strip()


def written(day: date) -> str:
    """The day in a sentence; one beyond any calendar as it was asked for."""
    return date_format(day, "DATE_FORMAT") if day.year in POSSIBLE_YEARS else day.isoformat()
