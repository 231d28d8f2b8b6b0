"""Small words for templates."""

import re
import uuid
from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext

from ..models import Source

register = template.Library()

HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


@register.simple_tag
def address(source: Source, name: str, *args: object) -> str:
    """The address of a page of this source; see `Source.address`."""
    return source.address(name, *args)


@register.filter
def language(value: Any) -> str:
    """The language to mark on words that people may write in either."""
    return "zh" if HAN.search(str(value)) else "en"


@register.filter
def get(mapping: Mapping[Any, Any], key: Any) -> Any:
    """The value under `key`, None where there is none."""
    return mapping.get(key)


@register.filter
def is_web_address(value: Any) -> bool:
    """Whether a link may lead there: people write addresses, and some schemes run code."""
    return str(value).startswith(("https://", "http://"))


@register.filter
def as_text(value: Any) -> str:
    """A recorded value as people read it: a list by its members, a switch as yes or no."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return str(value)


@register.simple_tag
def fresh_uid() -> uuid.UUID:
    """An id for what a form will make, so that the form sent twice makes it once."""
    return uuid.uuid4()
