"""What search knows of a row: what its index would keep, which a test holds it to.

The texts of a made-up register repeat themselves, so what was taken apart once is remembered.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from importlib import import_module
from typing import Any
from unittest import mock

from measures import prose

# By their full names: the package gives some of these names to functions of theirs.
index = import_module("measures.search.index")
words = import_module("measures.search.words")


@lru_cache(400_000)
def apart(text: str) -> tuple[str, int]:
    """The tokens of the text with single spaces between, and their number."""
    found = [token.text for token in index.tokens(text)]
    return " ".join(found), len(found)


class Values:
    """A row as search reads it: its values by their names."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__ = values

    def __getattr__(self, name: str) -> str:
        return ""


class Found:
    def rows(
        self, noun: str, values: dict[str, Any], frozen: Iterable[dict[str, Any]] = ()
    ) -> Iterator[tuple[str, int, int, str]]:
        """Noun, id, part and tokens; nothing for a noun that is not searched."""
        if noun not in words.FIELDS:
            return
        told = words.words(noun, Values(values), [Values(each) for each in frozen])
        found = [taken for taken in (apart(text) for _name, text in told) if taken[1]]
        if sum(number + 1 for _tokens, number in found) >= index.MOST_OF_ONE:
            raise ValueError(f"{noun} {values['id']} is too long for one row of the index")
        yield noun, values["id"], 0, f" {index.BREAK} ".join(tokens for tokens, _number in found)

    @contextmanager
    def remembering(self) -> Iterator[None]:
        with ExitStack() as stack:
            for room, name in ((prose, "plain"), (words, "romanised")):
                remembered = lru_cache(200_000)(getattr(room, name))
                stack.enter_context(mock.patch.object(room, name, remembered))
            yield
