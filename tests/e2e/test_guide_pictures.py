"""The pictures of the guide, and whether the pages still are what the pictures show.

Beside each picture stands the outline of what it was taken from: headings, labels, columns and
buttons. Where a page has another outline today, its picture is stale and the walk fails; `make
guide-pictures` takes all of them anew.
"""

import base64
import json
import os
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from measures.guide import FOLDER, PICTURES, pictures
from tests.e2e.conftest import ROOT, Site
from tests.e2e.desk import begin, complete, hand_in

pytestmark = pytest.mark.e2e

TAKE = bool(os.environ.get("GUIDE_PICTURES"))
FILES = ROOT / "measures" / "static" / PICTURES
SIZE = {"width": 1040, "height": 760}
SMALLEST, LARGEST = 0.3, 60_000
# Days, moments and numbers are other ones tomorrow.
PASSING = re.compile(r"\d+ [A-Z][a-z]+ \d{4}|\d{4}年\d+月\d+日|\d[\d:.-]*|[▲▼]")

OUTLINE = """() => [...document.querySelectorAll(
    "main :is(h1, h2, h3, th, legend, label, button, summary, dt),"
    + ".when :is(summary, label, button)"
  )].filter((each) => !each.closest(".word") && !each.closest("[hidden]")
      && !each.closest("details:not([open]) > :not(summary)")
      && each.getBoundingClientRect().top < innerHeight && each.getBoundingClientRect().height)
  .map((each) => `${each.localName} ${each.innerText.trim().split("\\n")[0]}`)"""
# The browser writes WebP itself, so no library has to be there for it.
AS_WEBP = """async ([png, quality]) => {
  const image = await createImageBitmap(await (await fetch("data:image/png;base64," + png)).blob());
  const canvas = new OffscreenCanvas(image.width, image.height);
  canvas.getContext("2d").drawImage(image, 0, 0);
  const blob = await canvas.convertToBlob({ type: "image/webp", quality });
  return btoa(String.fromCharCode(...new Uint8Array(await blob.arrayBuffer())));
}"""

Person = Callable[..., Page]


def outline(page: Page) -> list[str]:
    """What can be seen of the page without its days and numbers, each kind of line once."""
    told = [PASSING.sub("#", each) for each in page.evaluate(OUTLINE)]
    return list(dict.fromkeys(told))


def webp(chromium: Browser, png: bytes) -> bytes:
    """As good as it can be in 60 kB."""
    page = chromium.new_page()
    quality = 0.9
    while quality > SMALLEST:
        told = page.evaluate(AS_WEBP, [base64.b64encode(png).decode(), quality])
        if len(base64.b64decode(told)) <= LARGEST:
            break
        quality -= 0.1
    page.close()
    return base64.b64decode(told)


def keep(place: str, entry: dict[str, Any]) -> None:
    path = FOLDER / "pictures.json"
    known = json.loads(path.read_text(encoding="utf-8")) | {place: entry}
    path.write_text(
        json.dumps(dict(sorted(known.items())), ensure_ascii=False, indent=1) + "\n",
        encoding="utf-8",
    )


def show(page: Page, chromium: Browser, place: str) -> None:
    """Take the picture where that was asked for; else compare the page with its outline."""
    page.set_viewport_size(SIZE)
    page.evaluate("document.activeElement.blur()")
    seen = outline(page)
    assert seen
    if TAKE:
        path = FILES / f"{place}.webp"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(webp(chromium, page.screenshot()))
        keep(place, SIZE | {"outline": seen})
        return
    known = pictures().get(place)
    assert known, f"There is no picture {place}: make guide-pictures"
    assert seen == known["outline"], f"The picture {place} is stale: make guide-pictures"


@pytest.fixture(params=["", "/zh"], ids=["en", "zh"])
def prefix(request: pytest.FixtureRequest) -> str:
    """Where the pages of a language lie."""
    return str(request.param)


def named(prefix: str, name: str) -> str:
    return f"{prefix.strip('/') or 'en'}/{name}"


READERS: dict[str, str] = {
    "progress": "/",
    "measure": "/measures/4.7/",
    "compare": "/compare/",
    "brief": "/brief/?from=2020-11-30",
    "dates": "/measures/?theme=law-based-protection",
}


@pytest.mark.parametrize("name", READERS)
def test_a_picture_of_a_page_that_is_read(
    name: str, prefix: str, site: Site, opened: Callable[..., Page], chromium: Browser
) -> None:
    page = opened(site, viewport=SIZE, color_scheme="light", reduced_motion="reduce")
    page.goto(f"{prefix}{READERS[name]}")
    if name == "dates":
        page.locator("summary.dates").click()
    show(page, chromium, named(prefix, name))


def test_the_pictures_of_the_desk(prefix: str, person: Person, chromium: Browser) -> None:
    """One commitment a language: what one walk hands in, another does not find again."""
    code = "7.1" if prefix else "7.2"
    analyst, reviewer = (person(name, color_scheme="light") for name in ("analyst", "reviewer"))
    draft = begin(analyst, code)
    complete(analyst, "The plan is in force. Proof that it operates is missing.")
    path = draft.split("/desk/")[1]
    analyst.locator("#id_status").select_option("partial")
    expect(analyst.locator("#checks header small")).not_to_be_empty()
    analyst.goto(f"{prefix}/desk/{path}")
    show(analyst, chromium, named(prefix, "draft"))
    analyst.goto(draft)
    hand_in(analyst, code)
    reviewer.goto(f"{prefix}/desk/{path}review/")
    show(reviewer, chromium, named(prefix, "review"))


def test_the_picture_of_an_idle_desk(
    prefix: str, site: Site, opened: Callable[..., Page], chromium: Browser
) -> None:
    page = opened(site, viewport=SIZE, color_scheme="light")
    page.goto(f"{prefix}/accounts/login/?next={prefix}/desk/")
    page.locator("#id_login").fill("analyst")
    page.locator("#id_password").fill(site.passwords["analyst"])
    page.locator("main form button").first.click()
    expect(page.locator("#first-steps")).to_be_visible()
    page.goto(f"{prefix}/desk/")  # without the word of welcome
    show(page, chromium, named(prefix, "desk"))
