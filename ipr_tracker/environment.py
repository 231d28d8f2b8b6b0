"""Reading the environment: each variable in its shape, or a sentence that says what to write."""

import os
import re
import zoneinfo
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

MOST_DAYS = 3650


def text(name: str, default: str = "") -> str:
    """The variable without surrounding space; an empty one counts as not set."""
    return os.environ.get(name, "").strip() or default


def switch(name: str, default: bool) -> bool:
    value = text(name, "on" if default else "off")
    if value not in {"on", "off"}:
        raise ImproperlyConfigured(f"{name} is '{value}'; write on or off.")
    return value == "on"


def words(name: str, default: str, shape: str, example: str) -> list[str]:
    """A list separated by commas, each of its words of the given shape."""
    value = text(name, default)
    found = [word.strip() for word in value.split(",")] if value else []
    for word in found:
        if not re.fullmatch(shape, word):
            raise ImproperlyConfigured(f"{name} names '{word}'; write for example {example}.")
    return found


def folder(name: str, default: Path) -> Path:
    """A folder that only its owner can read; made here, with one for static files in it."""
    path = Path(text(name, str(default))).expanduser().absolute()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        (path / "static").mkdir(exist_ok=True)  # WhiteNoise warns where it is missing
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name} is '{path}', which cannot be used ({error.strerror}); name another folder."
        ) from error
    return path


def days(name: str, default: int) -> int:
    """A whole number of days, at least one and at most ten years of them."""
    value = text(name, str(default))
    if not re.fullmatch(r"[0-9]{1,4}", value) or not 1 <= int(value) <= MOST_DAYS:
        raise ImproperlyConfigured(
            f"{name} is '{value}'; write a whole number of days from 1 to {MOST_DAYS}."
        )
    return int(value)


def time_zone(name: str, default: str) -> str:
    value = text(name, default)
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ImproperlyConfigured(
            f"{name} is '{value}'; write a zone such as UTC or Asia/Shanghai."
        ) from error
    return value
