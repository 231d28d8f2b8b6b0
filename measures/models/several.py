"""One value or several: what a filter asks for."""

from collections.abc import Iterable
from typing import Any

from django.db import models


def several(value: Any) -> list[Any]:
    """The values as a list, empty where nothing is asked for; a text or an object is one value."""
    if isinstance(value, Iterable) and not isinstance(value, str | models.Model):
        return list(value)
    return [value] if value else []
