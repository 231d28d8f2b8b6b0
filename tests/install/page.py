"""The commands of docs/operations/install.md, read from the page itself."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
FILES = ROOT / "docs/operations/files"
PAGE = ROOT / "docs/operations/install.md"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines to be typed, and the heading that they stand under."""

    heading: str
    lines: str


def one_server() -> list[Block]:
    """Everything that is typed to install on one server, in its order."""
    section = PAGE.read_text().partition("\n## One server\n")[2].partition("\n## ")[0]
    found = []
    for part in f"One server\n{section}".split("\n### "):
        heading = part.partition("\n")[0]
        found += [Block(heading, lines) for lines in BLOCK.findall(part)]
    return found
