"""The two dates of time travel: true in the world on, and as recorded on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.utils import timezone


@dataclass(frozen=True)
class When:
    """The day that a page shows, and the moment up to which the record is read for it.

    `known` None means now; `known_as` is how the reader wrote it. `today` is the reader's day, and
    `earliest` the day before which nothing had been promised.
    """

    day: date
    today: date
    earliest: date
    known: datetime | None = None
    known_as: str = ""

    @property
    def is_past(self) -> bool:
        """Whether the page shows anything but today as known now."""
        return bool(self.query)

    @cached_property
    def query(self) -> dict[str, str]:
        """What an address must carry so that it shows the same."""
        told = {"as_of": self.day.isoformat()} if self.day != self.today else {}
        return told | ({"known": self.known_as} if self.known else {})

    def carried(self, address: str) -> str:
        """The address of another page, showing the same two dates."""
        return with_query(address, self.query)

    @property
    def known_to_the_minute(self) -> bool:
        """Whether a moment was asked for, not the end of a day."""
        return "T" in self.known_as

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
        """The same day a year before today; 29 February becomes the 28th."""
        try:
            return self.today.replace(year=self.today.year - 1)
        except ValueError:
            return self.today.replace(year=self.today.year - 1, day=28)


def end_of(day: date) -> datetime:
    """The last moment of a day in the reader's time zone."""
    return datetime.combine(day, time.max, tzinfo=timezone.get_current_timezone())


def with_query(address: str, query: Mapping[str, object]) -> str:
    """The address with this added to its query, before its fragment."""
    if not query:
        return address
    parts = urlsplit(address)
    return urlunsplit(parts._replace(query="&".join(filter(None, [parts.query, urlencode(query)]))))
