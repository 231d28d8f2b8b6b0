"""The days of a made-up register, counted from the first one."""

from datetime import date, timedelta

FIRST = date(2008, 1, 1)
# ISO dates, until long after the last day.
DAYS = [(FIRST + timedelta(days=n)).isoformat() for n in range(9000)]


def day_number(day: date) -> int:
    return (day - FIRST).days


# The default source, then two others; everything was entered on the day of the default one.
SOURCES = tuple(
    day_number(day) for day in (date(2020, 11, 30), date(2020, 5, 18), date(2019, 11, 15))
)
# No finding is recorded later, whatever the day on which the register is made.
LAST = day_number(date(2026, 11, 20))


def moment(day: int, second: int = 28_800) -> str:
    """A moment in UTC as both engines read it."""
    hour, rest = divmod(second, 3600)
    return f"{DAYS[day]} {hour:02}:{rest // 60:02}:{rest % 60:02}"
