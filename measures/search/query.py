"""What was asked for: its terms, whether a text has them, and where in the text they stand."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from .romanised import romanised
from .tokens import Token, phrase, tokens

# Between quotation marks a phrase; otherwise words and runs, apart where a reader sets them apart.
CHUNKS = re.compile(
    r"[\"“”„「『](?P<quoted>[^\"“”„「」『』]+)[\"“”„」』]|(?P<plain>[^\s,;、，；。\"“”]+)"
)


@dataclass(frozen=True, slots=True)
class Term:
    """Tokens that stand one behind the other; with `is_open` the last is but the beginning."""

    tokens: tuple[str, ...]
    is_open: bool = False

    def spans(self, told: Sequence[Token]) -> list[tuple[int, int]]:
        """Where the term stands in a text of these tokens."""
        last = len(self.tokens) - 1
        return [
            (told[place].start, self._end(told[place + last]))
            for place in range(len(told) - last)
            if self._is_at(told, place)
        ]

    def _end(self, last: Token) -> int:
        return last.start + 1 if self.is_open else last.end

    def _is_at(self, told: Sequence[Token], place: int) -> bool:
        *rest, last = self.tokens
        if any(told[place + n].text != wanted for n, wanted in enumerate(rest)):
            return False
        found = told[place + len(rest)].text
        return found.startswith(last) if self.is_open else found == last


@dataclass(frozen=True)
class Query:
    """A question as it was typed. All of its terms must be met, each anywhere in the object."""

    text: str

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """What to look for, each once; empty where nothing was asked that could be found."""
        chunks = (match["quoted"] or match["plain"] for match in CHUNKS.finditer(self._numbers()))
        told = (Term(*phrase(chunk)) for chunk in chunks)
        return tuple(dict.fromkeys(term for term in told if term.tokens))

    def _numbers(self) -> str:
        """The text with "No. 20" read as 20 before words are told apart by spaces."""
        return re.sub(r"(?i)\bno\b\.?\s*(?=\d)", "", self.text)

    def __bool__(self) -> bool:
        return bool(self.terms)

    def finds(self, texts: Iterable[str]) -> bool:
        """Whether every term stands in one of the texts."""
        told = [tokens(text) for text in texts]
        return all(any(term.spans(each) for each in told) for term in self.terms)

    def met_by(self, text: str) -> int:
        """How many of the terms stand in this text."""
        told = tokens(text)
        return sum(bool(term.spans(told)) for term in self.terms)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where terms stand in the text, in order, those that touch joined."""
        told = tokens(text)
        joined: list[tuple[int, int]] = []
        for start, end in sorted(span for term in self.terms for span in term.spans(told)):
            if joined and start <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
            else:
                joined.append((start, end))
        return joined

    def names(self, *names: str) -> bool:
        """Whether it is one of these codes or document numbers, however it is written."""
        asked = plainly(self.text)
        return bool(asked) and any(
            asked in (plainly(name), plainly(romanised(name))) for name in names if name
        )


def plainly(name: str) -> str:
    """A code or document number without marks: [2021] and 〔2021〕 are the same."""
    told, _is_open = phrase(re.sub("[第号]|号$", " ", name))
    return " ".join(told)
