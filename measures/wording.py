"""How two wordings differ: English word by word, Chinese character by character."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from . import method
from .models import Draft

# One Chinese character, one word with its inner apostrophes and points, one run of anything else.
TOKEN = re.compile(
    r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]"
    r"|[^\W\u3400-\u9fff\uf900-\ufaff]+(?:['’.,-][^\W\u3400-\u9fff\uf900-\ufaff]+)*"
    r"|\s+|."
)
# Texts beyond this many pieces are shown whole, one after the other: comparing them takes seconds.
MOST_PIECES = 6000
# Of texts that share less than this, the shared words are chance: each is shown whole.
TOO_DIFFERENT = 0.5


@dataclass(frozen=True, slots=True)
class Run:
    """A run of text: `kind` is same, gone or new."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which two versions differ: its name for people, and the runs between them."""

    name: str
    label: str
    runs: tuple[Run, ...]


def between(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """The fields in which two proposals (see `workflow.proposed`) differ, in their order."""
    return tuple(
        Difference(
            name, _label(name), differences(_words(name, before.get(name)), _words(name, value))
        )
        for name, value in after.items()
        if before.get(name) != value
    )


def compared(
    before: Mapping[str, str], after: Mapping[str, str], labels: Mapping[str, str]
) -> tuple[Difference, ...]:
    """The fields in which two versions of a row differ, told in words, in the order of `after`."""
    return tuple(
        Difference(name, labels[name], differences(before.get(name, ""), words))
        for name, words in after.items()
        if before.get(name, "") != words
    )


def _label(name: str) -> str:
    return str(Draft._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _words(name: str, value: Any) -> str:
    """A value as people read it; evidence one document a line."""
    if name == "citations":
        return "\n".join(_document(each) for each in value or ())
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    known: dict[str, dict[str, Any]] = {"status": method.STATUSES, "confidence": method.CONFIDENCES}
    terms = known.get(name, {})
    return terms[value].label if value in terms else str(value or "")


def _document(frozen: Mapping[str, Any]) -> str:
    stage, bearing = method.STAGES[frozen["stage"]], method.BEARINGS[frozen["bearing"]]
    facts = [frozen["title"], stage.label, bearing.label, frozen["note"], frozen["quotation"]]
    return " · ".join(fact for fact in facts if fact)


def differences(before: str, after: str) -> tuple[Run, ...]:
    """The runs that lead from one wording to the other, in reading order."""
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    middle = old[head : len(old) - tail], new[head : len(new) - tail]
    runs: list[Run] | None = None
    if len(middle[0]) + len(middle[1]) <= MOST_PIECES:
        # No match hangs on a space, nor in a long text on its commonest words: that takes a minute.
        matcher = SequenceMatcher(str.isspace, *middle)
        same = head + tail + sum(block.size for block in matcher.get_matching_blocks())
        if 2 * same >= TOO_DIFFERENT * (len(old) + len(new)):
            runs = list(_runs(matcher, *middle))
    if runs is None:
        return tuple(run for run in (Run("gone", before), Run("new", after)) if run.text)
    ends = Run("same", "".join(new[:head])), Run("same", "".join(new[len(new) - tail :]))
    return tuple(_joined(iter([ends[0], *runs, ends[1]])))


def _shared(old: list[str], new: list[str]) -> int:
    """How many pieces both begin with."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((n for n, (left, right) in pairs if left != right), min(len(old), len(new)))


def _runs(matcher: SequenceMatcher[str], old: list[str], new: list[str]) -> Iterator[Run]:
    for kind, left, right, low, high in matcher.get_opcodes():
        if kind == "equal":
            yield Run("same", "".join(old[left:right]))
        else:
            yield Run("gone", "".join(old[left:right]))
            yield Run("new", "".join(new[low:high]))


def _joined(runs: Iterator[Run]) -> Iterator[Run]:
    """Without empty runs, and neighbours of one kind as one."""
    for kind, found in groupby((run for run in runs if run.text), key=lambda run: run.kind):
        yield Run(kind, "".join(run.text for run in found))
