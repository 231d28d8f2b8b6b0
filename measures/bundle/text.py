"""The full text of a source, loaded by an administrator who holds the article."""

import re
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from .. import record
from ..models import Measure, Passage, Source, User, reasons
from ..models.fields import readable
from ..text import cleaned
from .files import BundleError, Problem


@dataclass(frozen=True, slots=True)
class TextReport:
    """How many passages got a text, of how many, and how many quotations were found in them."""

    changed: int
    passages: int
    quotations: int


def paragraphs(text: str) -> list[str]:
    """The paragraphs of an article: blocks between empty lines, or lines where none is empty."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    parts = re.split(r"\n\s*\n", text) if re.search(r"\n\s*\n", text) else text.split("\n")
    return [found for part in parts if (found := cleaned(" ".join(part.split())))]


@transaction.atomic
def load_text(source: Source, text: str, *, by: User, file: str = "") -> TextReport:
    """Give each passage of `source` its paragraph of `text`.

    The passages are taken to follow one another; where they begin is found by the quotations.
    Raises `BundleError` with every quotation that does not stand verbatim in its passage, and
    changes nothing then.
    """
    found = paragraphs(text)
    passages = list(source.passages.order_by("number"))
    quoted = _quotations(source)
    if not passages or len(found) < len(passages):
        sentence = _("The file has %(found)d paragraphs, and the source has %(wanted)d passages.")
        numbers = {"found": len(found), "wanted": len(passages)}
        raise BundleError([Problem(file, source.slug, "", sentence % numbers)])
    starts = range(len(found) - len(passages) + 1)
    texts = min(
        (dict(zip(passages, found[start:], strict=False)) for start in starts),
        key=lambda candidate: len(_astray(candidate, quoted)),
    )
    problems = [
        Problem(
            file,
            measure.code,
            str(passage),
            _("“%(quotation)s” does not stand there.") % {"quotation": measure.quotation},
        )
        for passage, measure in _astray(texts, quoted)
    ]
    if problems:
        raise BundleError(problems)
    changed = 0
    for passage, paragraph in texts.items():
        readable(paragraph)
        passage.text = paragraph
        changed += record.save(passage, by=by, why=reasons.TEXT_LOADED)
    return TextReport(changed, len(passages), sum(len(each) for each in quoted.values()))


def _quotations(source: Source) -> dict[int, list[Measure]]:
    quoted: dict[int, list[Measure]] = {}
    for measure in Measure.objects.filter(source=source).in_order():
        quoted.setdefault(measure.passage_id, []).append(measure)
    return quoted


def _astray(
    texts: dict[Passage, str], quoted: dict[int, list[Measure]]
) -> list[tuple[Passage, Measure]]:
    """The measures whose quotation does not stand in the paragraph of their passage."""
    return [
        (passage, measure)
        for passage, paragraph in texts.items()
        for measure in quoted.get(passage.pk, ())
        if measure.quotation not in paragraph
    ]
