"""Small words for templates."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def get(mapping: Mapping[Any, Any], key: Any) -> Any:
    """The value under `key`, None where there is none."""
    return mapping.get(key)


@register.filter
def as_text(value: Any) -> str:
    """A recorded value as people read it: a list by its members."""
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return str(value)
