"""What counts as text, wherever it comes in: characters that are refused, and one way to write it.

Pages, the administration, sheets, bundles and the API all end here, so that no door takes what
another one refuses.
"""

import re
import unicodedata
from collections.abc import Iterable

from django.utils.translation import pgettext

# C0 and C1 controls but tab and newlines, lone surrogates, and the two characters that no XML can
# hold: what stands in no feed, picture, document or workbook.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

# The same, the marks that reorder text (overrides, isolates, embeddings and single marks), and
# those of layout that Unicode gave up.
REFUSED = re.compile(
    UNWRITABLE.pattern.removesuffix("]")
    + "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb]"
)

# Blank though they are letters, symbols or marks by their category: the fillers of Hangul, the
# empty cell of Braille, vowels of Khmer that are never shown, and what only chooses a variant.
BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufe00-\ufe0f"
    "\U0001d159\U000e0100-\U000e01ef]"
)

HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")

# Python has no name for a control; these are those of Unicode's chart.
CONTROLS = {
    0x00: "NULL",
    0x07: "BELL",
    0x08: "BACKSPACE",
    0x0B: "LINE TABULATION",
    0x0C: "FORM FEED",
    0x1B: "ESCAPE",
    0x7F: "DELETE",
    0x85: "NEXT LINE",
}


def refused(value: str) -> tuple[int, str] | None:
    """The first character that is not taken, counted from 1, and its name; None where all are."""
    found = REFUSED.search(value)
    if found is None:
        return None
    code = ord(found.group())
    name = CONTROLS.get(code) or unicodedata.name(found.group(), "")
    if 0xD800 <= code <= 0xDFFF:
        name = "LONE SURROGATE"
    return found.start() + 1, f"U+{code:04X} {name}".strip()


def writable(value: object) -> str:
    """The text without what no XML can hold, however it came into the register."""
    return UNWRITABLE.sub("", str(value))


def is_blank(value: str) -> bool:
    """Whether nothing of it can be seen: blanks, joiners, fillers, tags and the like."""
    return all(
        each.isspace() or unicodedata.category(each) == "Cf" or BLANK.match(each) for each in value
    )


def cleaned(value: str) -> str:
    """The text in the one form (NFC) in which it is stored, searched and compared.

    Text of which nothing can be seen is empty. What is refused stays as it is, for whoever says so.
    """
    if REFUSED.search(value):
        return value
    return "" if is_blank(value) else unicodedata.normalize("NFC", value)


def listed(words: Iterable[object]) -> str:
    """The words as a list within a sentence: with commas in English, with 、 in Chinese."""
    return pgettext("between the members of a list", ", ").join(str(each) for each in words)


def in_a_row(clauses: Iterable[str]) -> str:
    """Clauses as one: the last after an “and” in English, all after commas in Chinese."""
    *first, last = clauses
    if not first:
        return last
    told = {"first": pgettext("between clauses", ", ").join(first), "last": last}
    return pgettext("clauses", "%(first)s and %(last)s") % told


def sentences(*told: str) -> str:
    """The sentences one after the other: with spaces between them in English, without in Chinese.

    What is empty is left out.
    """
    first, *others = filter(None, told)
    for other in others:
        first = pgettext("two sentences", "%(first)s %(other)s") % {"first": first, "other": other}
    return first


def language_of(words: str) -> str:
    """The language of words that people may write in either: zh where there is a character."""
    return "zh" if HAN.search(words) else "en"
