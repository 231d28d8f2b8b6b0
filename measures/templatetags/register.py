"""Small words for templates."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import template
from django.forms import BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext

from .. import cite, marking, method, models, upkeep
from .. import prose as markdown
from ..method import reads_chinese
from ..models import Body, Finding, Installation, Source
from ..progress import Tallied, When, with_query
from ..text import in_a_row, language_of, listed

register = template.Library()


@register.simple_tag(takes_context=True)
def address(context: Context, source: Source, name: str, *args: object, **query: object) -> str:
    """The address of a page of this source (see `Source.address`), at the dates of this page."""
    return at(with_query(source.address(name, *args), query), context.get("when"))


@register.simple_tag(takes_context=True)
def part(context: Context, source: Source, each: Any) -> str:
    """The address of a theme, or of a body as this source sees it, at the dates of this page."""
    if isinstance(each, Body):
        return address(context, source, "body-detail", each.slug)
    return at(each, context.get("when"))


@register.simple_tag(takes_context=True)
def page(context: Context, name: str, *args: object, **query: object) -> str:
    """The address of a page of the whole register, at the dates of this page."""
    return at(with_query(reverse(name, args=args), query), context.get("when"))


@register.simple_tag(takes_context=True)
def absolute(context: Context, address: str) -> str:
    """The address as other sites need it."""
    return str(context["request"].build_absolute_uri(address))


@register.simple_tag(takes_context=True)
def citation(context: Context, finding: Finding | None = None) -> cite.Reference | None:
    """How this page is cited, or a finding on it; None where the page is not one to cite."""
    when: When | None = context.get("when")
    if when is None:
        return None
    request, head = context["request"], context["head_then"]
    known = when.known or context["read_until"]()
    name = request.resolver_match.url_name
    if name not in cite.PAGES or known is None:
        return None
    noun = cite.PAGES[name][1]
    subject = context.get(noun) if noun else ""
    if subject is None:
        return None  # A page that says that there is no such thing.
    anchor = cite.Anchor.of(request, when, head or None, known)
    number = finding.number if finding else None
    place = f"#finding-{number}" if number else ""
    return anchor.reference(cite.title_of(name, subject, number), request.get_full_path() + place)


@register.filter
def citation_file(reference: cite.Reference, form: str) -> str:
    """The address of the citation as txt, bib or json."""
    return with_query(reverse("cite", args=[form]), {"page": reference.path})


@register.filter
def at(target: Any, when: When | None) -> str:
    """Where an object has its page, or an address, at the dates of this page."""
    found = target if isinstance(target, str) else target.get_absolute_url()
    return when.carried(found) if when else found


for each in (
    marking.said,
    marking.otherwise,
    marking.said_prose,
    marking.otherwise_prose,
    marking.marked,
):
    register.filter(each)


@register.filter
def plainly(thing: Any, name: str) -> str:
    """As `said`, where no mark can stand: in a title or a label."""
    return models.said(thing, name).text


@register.filter
def language(value: Any) -> str:
    """The language to mark on words that people may write in either."""
    return language_of(str(value))


@register.simple_tag
def between() -> str:
    """What stands between the members of a list: a comma, in Chinese a 、."""
    return pgettext("between the members of a list", ", ")


@register.simple_tag
def reading_chinese() -> bool:
    """Whether the page is in Chinese: for what it tells in both languages, the reader's first."""
    return reads_chinese()


@register.filter
def unbroken(words: str) -> SafeString:
    """The words on one line, such as a date in a heading."""
    return format_html('<span class="unbroken">{}</span>', words)


@register.simple_tag
def gap() -> str:
    """What stands between two sentences: a space, in Chinese nothing."""
    return "" if reads_chinese() else " "


@register.filter
def in_order(things: Any, name: str) -> list[Any]:
    """The things as their reader looks them up by that field."""
    return models.in_order(things, name)


@register.filter
def numbered(steps: Any) -> str:
    """The statuses of a bar, each with its number, as a list."""
    return listed(f"{step.term.label} {step.number}" for step in steps)


@register.filter
def others(state: Tallied) -> str:
    """Where those commitments stand that are not achieved, as a sentence."""
    counted = [
        ngettext(
            "%(number)d is substantially in place",
            "%(number)d are substantially in place",
            state.substantial,
        )
        % {"number": state.substantial},
        ngettext("%(number)d is under way", "%(number)d are under way", state.under_way)
        % {"number": state.under_way},
        *(
            gettext("%(number)d %(status)s")
            % {"number": each.number, "status": each.term.label.lower()}
            for each in state.elsewhere
        ),
    ]
    return gettext("%(counts)s.") % {"counts": in_a_row(counted)}


@register.filter
def get(mapping: Mapping[Any, Any], key: Any) -> Any:
    """The value under `key`, None where there is none."""
    return mapping.get(key)


@register.filter
def is_web_address(value: Any) -> bool:
    """Whether a link may lead there: people write addresses, and some schemes run code."""
    return str(value).startswith(("https://", "http://"))


@register.simple_tag
def what_needs_care() -> upkeep.Upkeep:
    """What waits for an administrator now."""
    return upkeep.upkeep(timezone.now())


@register.filter
def role(group: Any) -> str:
    """The name of a role in the reader's language."""
    return models.role_name(group)


@register.filter(name="listed")
def in_a_list(words: Any) -> str:
    """Words one after the other, as the reader's language sets them apart."""
    return listed(words)


@register.filter
def as_text(value: Any) -> str:
    """A recorded value as people read it: a list by its members, a switch as yes or no."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return listed(value)
    return str(value)


@register.filter
def prose(text: str) -> SafeString:
    """A rationale with its Markdown understood; see `prose.shown`."""
    return markdown.shown(text)


@register.simple_tag(takes_context=True)
def explain(context: Context, slug: str) -> SafeString:
    """A button that tells what a word of the method means; on a page once, at the first place.

    It opens without JavaScript. A browser that knows no popover gets a link to the method.
    """
    request = context.get("request")
    told = request.__dict__.setdefault("words_explained", set()) if request else set()
    if slug in told:
        return SafeString("")
    told.add(slug)
    more = f"{page(context, 'method')}#word-{slug}"
    return render_to_string("measures/_word.html", {"word": method.WORDS[slug], "more": more})


@register.filter
def commands(text: str) -> SafeString:
    """A sentence in which commands stand between backticks."""
    ways = ("{}", "<code>{}</code>")
    parts = enumerate(text.split("`"))
    return SafeString("".join(format_html(ways[n % 2], each) for n, each in parts))


@register.simple_tag
def site() -> Installation:
    """How this installation presents itself."""
    return Installation.objects.current()


@register.simple_tag(name="site_name")
def name_of_the_site() -> str:
    """What it is called, where no mark can stand."""
    return models.site_name()


@register.simple_tag
def site_mark() -> SafeString:
    """Its logo and its name, as they stand at the head of each page."""
    site = Installation.objects.current()
    words = models.said(site, "name")
    name = marking.marked(words.text) if words.text else format_html("{}", site)
    if not site.logo_hash:
        return name
    address = reverse("look-logo", args=[site.logo_hash[:16]])
    return format_html('<img src="{}" alt="" height="28"> {}', address, name)


@register.simple_tag
def site_contact() -> SafeString:
    """How to reach whoever runs this installation."""
    site = Installation.objects.current()
    address = f"mailto:{site.contact}" if site.is_mail else site.contact
    words = site.contact if site.is_mail else gettext("Contact")
    lead = gettext("Contact:") + gap() if site.is_mail else ""
    return format_html('{}<a href="{}">{}</a>', lead, address, words)


@register.simple_tag
def fresh_uid() -> uuid.UUID:
    """An id for what a form will make, so that the form sent twice makes it once."""
    return uuid.uuid4()


@register.filter
def unhinted(field: BoundField) -> SafeString:
    """A field without the words in it that repeat its label, and vanish as soon as one types."""
    return field.as_widget(attrs={"placeholder": False})
