"""A person who has no mouse, and who looks where the focus is."""

import re
from dataclasses import dataclass

from playwright.sync_api import Page

FOCUSED = """() => {
    const element = document.activeElement;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const label = element.labels && element.labels[0];
    const words = element.getAttribute("aria-label") || (label || element).textContent;
    return {
        name: words.trim().replace(/\\s+/g, " ").replace(/:$/, ""),
        outline: style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 2,
        area: box.width * box.height,
    };
}"""
FURTHEST = 250


@dataclass
class Keyboard:
    """The keys alone. `acts` counts what is done: a control pressed, a field filled; `moves` the
    steps from one place to the next."""

    page: Page
    acts: int = 0
    moves: int = 0

    def focused(self) -> str:
        """The name of what has the focus, which must be seen to have it."""
        found = self.page.evaluate(FOCUSED)
        assert found["outline"], found
        assert found["area"] > 0, found
        return str(found["name"])

    def to(self, name: str | re.Pattern[str], *, back: bool = False) -> None:
        """Walk to the link, button or field of this name, forwards or back."""
        for _ in range(FURTHEST):
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
            self.moves += 1
            if self.page.evaluate("document.activeElement === document.body"):
                continue  # Round the corner of the window.
            if re.fullmatch(
                name if isinstance(name, re.Pattern) else re.escape(name), self.focused()
            ):
                return
        raise AssertionError(f"{name} is not reached by Tab")

    def press(self, name: str, *, key: str = "Enter", back: bool = False) -> None:
        self.to(name, back=back)
        self.page.keyboard.press(key)
        self.acts += 1

    def fill(self, name: str, text: str, *, back: bool = False) -> None:
        """Write over what the field holds; in a list of choices, type the beginning of one."""
        self.to(name, back=back)
        self.page.keyboard.type(text)
        self.acts += 1
