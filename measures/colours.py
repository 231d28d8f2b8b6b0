"""Colours as they are read: how far one stands off another."""

import re
from collections.abc import Iterable

HEX = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
READABLE = 4.5  # WCAG 2.2 AA, for text of any size.


def contrast(one: str, other: str) -> float:
    """From 1 to 21, as WCAG reckons it; both as #rrggbb."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def weakest(colour: str, papers: Iterable[str]) -> float:
    """The contrast to that of the papers on which the colour is hardest to read."""
    return min(contrast(colour, paper) for paper in papers)


def lightened(colour: str, papers: Iterable[str]) -> str:
    """The colour with as much white as it takes to be read on each of these dark papers."""
    papers = tuple(papers)
    parts = _parts(colour)
    for step in range(101):
        mixed = (round(part + (255 - part) * step / 100) for part in parts)
        found = "#" + "".join(f"{part:02x}" for part in mixed)
        if weakest(found, papers) >= READABLE:
            return found
    return "#ffffff"


def _parts(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[n : n + 2], 16) for n in (1, 3, 5))


def _luminance(colour: str) -> float:
    shares = (part / 255 for part in _parts(colour))
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
