"""The colours of a picture that stands alone: those of the pages, in one scheme."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .. import method
from ..colours import contrast

LIGHT, DARK = "light", "dark"
SCHEMES = (LIGHT, DARK)
TOKENS = Path(__file__).parents[1] / "static" / "measures" / "css" / "tokens.css"
TOKEN = re.compile(r"--([\w-]+): light-dark\((#\w+), (#\w+)\);")


@dataclass(frozen=True, slots=True)
class Ink:
    """The fill of a status, and a colour in which words on it can be read."""

    term: method.Status
    fill: str
    words: str


@dataclass(frozen=True)
class Palette:
    """The colours of one scheme, each as #rrggbb."""

    paper: str
    card: str
    ink: str
    quiet: str
    rule: str
    statuses: tuple[Ink, ...]


@cache
def palette(scheme: str) -> Palette:
    """The colours of that scheme, as the stylesheet of the pages has them."""
    place = SCHEMES.index(scheme)
    tokens = {name: _long(pair[place]) for name, *pair in TOKEN.findall(TOKENS.read_text())}
    words = (tokens["ink"], tokens["on-dark"])
    return Palette(
        paper=tokens["paper"],
        card=tokens["card"],
        ink=tokens["ink"],
        quiet=tokens["ink-2"],
        rule=tokens["rule"],
        statuses=tuple(
            Ink(term, fill, _plainest(words, fill))
            for slug, term in method.SHOWN_STATUSES.items()
            for fill in [tokens[f"st-{slug}"]]
        ),
    )


def _plainest(colours: tuple[str, ...], fill: str) -> str:
    """Which of the colours can be read best on the fill."""
    return max(colours, key=lambda colour: contrast(colour, fill))


def _long(colour: str) -> str:
    """#fff as #ffffff."""
    return colour if len(colour) == 7 else "#" + "".join(digit * 2 for digit in colour[1:])
