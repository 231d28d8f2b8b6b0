"""Small words for templates."""

import re
import uuid
from collections.abc import Mapping
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from .. import prose as markdown
from ..models import Source
from ..progress import When, with_query

register = template.Library()

HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


@register.simple_tag(takes_context=True)
def address(context: Context, source: Source, name: str, *args: object, **query: object) -> str:
    """The address of a page of this source (see `Source.address`), at the dates of this page."""
    return at(with_query(source.address(name, *args), query), context.get("when"))


@register.simple_tag(takes_context=True)
def page(context: Context, name: str, *args: object, **query: object) -> str:
    """The address of a page of the whole register, at the dates of this page."""
    return at(with_query(reverse(name, args=args), query), context.get("when"))


@register.filter
def at(target: Any, when: When | None) -> str:
    """Where an object has its page, or an address, at the dates of this page."""
    found = target if isinstance(target, str) else target.get_absolute_url()
    return when.carried(found) if when else found


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


@register.filter
def prose(text: str) -> SafeString:
    """A rationale with its Markdown understood; see `prose.shown`."""
    return markdown.shown(text)


@register.simple_tag
def fresh_uid() -> uuid.UUID:
    """An id for what a form will make, so that the form sent twice makes it once."""
    return uuid.uuid4()
