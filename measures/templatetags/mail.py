"""Small words for the templates of mails."""

from collections.abc import Sized
from typing import Any

from django import template

register = template.Library()


@register.filter
def for_good(target: Any, digest: Any) -> str:
    """Where an object has its page, or a path leads, from everywhere and with both dates fixed."""
    path = target if isinstance(target, str) else target.get_absolute_url()
    return str(digest.anchor.address(path))


@register.filter
def beyond(rows: Sized, shown: int) -> int:
    """How many rows are more than are shown."""
    return max(len(rows) - shown, 0)
