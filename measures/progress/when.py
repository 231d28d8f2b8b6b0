"""The two dates of time travel: true in the world on, and as recorded on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class When:
    """The day that a page shows, and the moment up to which the record is read for it.

    `known` None means now; `known_as` is how the reader wrote it. `today` is the reader's day,
    `earliest` the day before which nothing had been promised; `is_asked` says that the reader
    named the day, be it today.
    """

    day: date
    today: date
    earliest: date
    known: datetime | None = None
    known_as: str = ""
    is_asked: bool = False

    @classmethod
    def now(cls) -> "When":
        """Today as known now."""
        today = timezone.localdate()
        return cls(day=today, today=today, earliest=today)

    @property
    def told(self) -> str:
        """Both dates in words: as of 30 June 2022, as known today."""
        words = {"day": date_format(self.day, "DATE_FORMAT")}
        if self.known is None:
            return _("as of %(day)s, as known today") % words
        return _("as of %(day)s, as known on %(known)s") % (words | {"known": self._known_told})

    @property
    def sentence(self) -> str:
        """The same as a sentence of its own: As of 30 June 2022, as known today."""
        words = {"day": date_format(self.day, "DATE_FORMAT")}
        if self.known is None:
            return _("As of %(day)s, as known today.") % words
        return _("As of %(day)s, as known on %(known)s.") % (words | {"known": self._known_told})

    @property
    def _known_told(self) -> str:
        written = "DATETIME_FORMAT" if "T" in self.known_as else "DATE_FORMAT"
        return date_format(timezone.localtime(self.known), written)

    @property
    def is_past(self) -> bool:
        """Whether the page shows anything but today as known now."""
        return self.day != self.today or self.known is not None

    @cached_property
    def query(self) -> dict[str, str]:
        """What an address must carry so that it shows the same, today and on any later day."""
        named = self.is_asked or self.is_past
        told = {"as_of": self.day.isoformat()} if named else {}
        return told | ({"known": self.known_as} if self.known else {})

    def carried(self, address: str) -> str:
        """The address of another page, showing the same two dates."""
        return with_query(address, self.query)

    @property
    def known_on(self) -> date | None:
        """The day on which it was known so, None for now."""
        return timezone.localdate(self.known) if self.known else None

    @property
    def quarter_end(self) -> date:
        """The last day of the last quarter that is over."""
        first = self.today.replace(month=(self.today.month - 1) // 3 * 3 + 1, day=1)
        return first - timedelta(days=1)

    @property
    def year_ago(self) -> date:
        """The same day a year before today."""
        return a_year_before(self.today)


def a_year_before(day: date) -> date:
    """The same day a year before; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def end_of(day: date) -> datetime:
    """The last moment of a day in the reader's time zone."""
    return datetime.combine(day, time.max, tzinfo=timezone.get_current_timezone())


def with_query(address: str, query: Mapping[str, object]) -> str:
    """The address with this added to its query, before its fragment.

    A list is said value by value.
    """
    if not query:
        return address
    parts = urlsplit(address)
    return urlunsplit(
        parts._replace(query="&".join(filter(None, [parts.query, urlencode(query, doseq=True)])))
    )
