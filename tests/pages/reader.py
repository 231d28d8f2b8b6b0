"""A page as its reader meets it: elements, their words, and what a machine would run of them."""

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any, Self

VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr"}
)
HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
SPOKEN_ATTRIBUTES = ("title", "aria-label", "alt", "placeholder", "content")


class Node:
    """An element with its attributes and, in order, the text and elements inside it."""

    def __init__(self, tag: str, attributes: dict[str, str], parent: "Node | None") -> None:
        self.tag, self.attributes, self.parent = tag, attributes, parent
        self.inside: list[Node | str] = []

    @classmethod
    def of(cls, response: Any) -> "Node":
        """The root of a page that was answered with 200."""
        assert response.status_code == 200, response.status_code
        return parse(response.content.decode())

    def __getitem__(self, attribute: str) -> str:
        return self.attributes[attribute]

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())

    @property
    def text(self) -> str:
        """The words inside, with single spaces; without scripts, and help that is shut."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for each in self.inside:
            if isinstance(each, str):
                yield each
            elif each.tag not in ("script", "style") and "word" not in each.classes:
                apart = "" if each.tag in INLINE else " "
                yield apart
                yield from each._texts()
                yield apart

    @property
    def language(self) -> str:
        """The language that is marked for this element, here or further out."""
        node: Node | None = self
        while node is not None:
            if "lang" in node.attributes:
                return node.attributes["lang"]
            node = node.parent
        return ""

    def is_within(self, *tags: str) -> bool:
        """Whether it is such an element, or inside one."""
        node: Node | None = self
        while node is not None and node.tag not in tags:
            node = node.parent
        return node is not None

    def everything(self) -> Iterator[Self]:
        """Every element inside, in the order of the page."""
        for each in self.inside:
            if isinstance(each, Node):
                yield each  # type: ignore[misc]
                yield from each.everything()  # type: ignore[misc]

    def all(self, tag: str = "", cls: str = "", **attributes: str) -> list["Node"]:
        """The elements inside of that tag, class and attributes (`_` stands for `-`).

        What lies in help that is shut is left out, unless asked of that help itself.
        """
        wanted = {name.strip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            node
            for node in self.everything()
            if (not tag or node.tag == tag)
            and (not cls or cls in node.classes)
            and all(node.attributes.get(name) == value for name, value in wanted.items())
            and not node._shut_away(self)
        ]

    def _shut_away(self, seen_from: "Node") -> bool:
        node = self.parent
        while node is not None and node is not seen_from:
            if "word" in node.classes:
                return True
            node = node.parent
        return False

    def one(self, tag: str = "", cls: str = "", **attributes: str) -> "Node":
        """The only such element; fails where there is none, or more than one."""
        found = self.all(tag, cls, **attributes)
        assert len(found) == 1, f"{len(found)} of {tag}.{cls} {attributes}"
        return found[0]

    def section(self, id_of_heading: str) -> "Node":
        """The section that this heading names."""
        return self.one("section", aria_labelledby=id_of_heading)

    def row(self, words: str) -> "Node":
        """The only row of a table, or item of a list, that has these words."""
        found = [n for n in self.everything() if n.tag in ("tr", "li") and words in n.text]
        assert len(found) == 1, f"{len(found)} rows with {words!r}"
        return found[0]

    def links(self) -> dict[str, str]:
        """Where the links inside lead to, by their words."""
        return {link.text: link["href"] for link in self.all("a")}

    def chips(self) -> list[str]:
        """The words of the marks inside."""
        return [chip.text for chip in self.all(cls="chip")]


INLINE = frozenset(
    {"a", "b", "bdi", "code", "del", "em", "i", "ins", "mark", "q", "span", "strong"}
)


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.here = Node("", {}, None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice: {names}"
        node = Node(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.inside.append(node)
        if tag not in VOID:
            self.here = node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        here = self.here
        self.handle_starttag(tag, attrs)
        self.here = here

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.here.tag, f"</{tag}> closes <{self.here.tag}> at {self.getpos()}"
        assert self.here.parent is not None
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.inside.append(data)


def parse(html: str) -> Node:
    """The root of the page; fails where an element is left open or closed by another."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    assert builder.here is builder.root, f"<{builder.here.tag}> is never closed"
    return builder.root


def inline_code(page: Node) -> list[str]:
    """What the Content-Security-Policy would refuse to run or to apply."""
    found = []
    for node in page.everything():
        if node.attributes.get("type") in ("application/ld+json", "application/json"):
            continue  # A block of data, which no browser runs.
        if node.tag == "style" or (node.tag == "script" and "src" not in node.attributes):
            found.append(f"<{node.tag}>")
        for name, value in node.attributes.items():
            if name == "style" or name.startswith("on") or value.startswith("javascript:"):
                found.append(f"<{node.tag} {name}>")
    return found


def unmarked_chinese(page: Node) -> list[str]:
    """Chinese words, shown or spoken, that are not marked as Chinese."""
    found = []
    for node in (page, *page.everything()):
        if node.language.startswith("zh") or node.tag == "script":  # Data are for machines.
            continue
        own = [each for each in node.inside if isinstance(each, str)]
        spoken = [node.attributes.get(name, "") for name in SPOKEN_ATTRIBUTES]
        found += [f"<{node.tag}> {words.strip()}" for words in (*own, *spoken) if HAN.search(words)]
    return found


# What stands on a Chinese page as it is, and why.
NEUTRAL = (
    r"IPR Tracker",  # The name of the tracker.
    r"CSV|JSON Lines|CSL-JSON|JSON|BibTeX|Excel|Word|PNG|SVG|PDF|ZIP|Atom|BOM",  # Forms of files.
    r"pandas|Python|OpenAPI|API|HTTPS?|UTC|URL|ETag|CC BY|JavaScript|Cookie",  # Names of standards.
    r"https?://\S+|docs/[\w./-]+",  # Addresses, and paths in the repository.
    r"(?<!\w)/[\w./?=&-]+|\b[\w-]+\.(?:html|txt|org|example)\b|\bno\. \d+\b(?!.)",  # Parts of some.
    r"Web|WCAG|AA|axe|Chromium|Lighthouse|NVDA|VoiceOver",  # What accessibility is held to.
    r"[0-9a-f]{8,64}",  # Hashes.
    r"“amended”|“amendments”",  # A page in Chinese that speaks of English words.
)
LATIN = re.compile("[A-Za-z]{2,}")


def unmarked_english(page: Node, *names: str, titles: tuple[str, ...] = ()) -> list[str]:
    """English words on a Chinese page, shown or spoken, that are not marked as English.

    `names` have one form in both languages; `titles`, which the register has in English only, may
    stand where no part can be marked: in attributes, in the title of the page, in a sentence.
    """
    found = []
    for node in (page, *page.everything()):
        if not node.language.startswith("zh") or node.is_within("script", "style", "code", "pre"):
            continue
        own = [each for each in node.inside if isinstance(each, str)]
        spoken = [node.attributes.get(name, "") for name in _spoken(node)]
        for words in (*own, *spoken):
            unmarkable = words in spoken or node.tag == "title" or HAN.search(words)
            if _is_english(words, (*names, *titles) if unmarkable else names):
                found.append(f"<{node.tag}> {words.strip()}")
    return found


def _spoken(node: Node) -> tuple[str, ...]:
    """Its attributes that people read: of <meta> those that describe the page."""
    told = f"{node.attributes.get('name', '')} {node.attributes.get('property', '')}"
    describes = re.search("description|title|:alt", told)
    return SPOKEN_ATTRIBUTES if node.tag != "meta" or describes else ()


def _is_english(words: str, names: Iterable[str] = ()) -> bool:
    longest_first = sorted(map(re.escape, names), key=len, reverse=True)
    kept = re.compile("|".join((*NEUTRAL, *longest_first)))
    return bool(LATIN.search(kept.sub(" ", words)))


def english_words(words: str, *names: str) -> list[str]:
    """The lines of a text in Chinese that have English words; see `unmarked_english`."""
    return [line for line in words.splitlines() if _is_english(line, names)]
