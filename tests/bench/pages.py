"""What a page weighs and how fast it stands, by the browser's own count: `make bench-pages`.

Served as it comes, by gunicorn with the static files collected, to a browser that holds nothing of
it yet.
"""

import os
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.e2e.conftest import FLAGS, Site, copied, tracker

PAGES = {
    "progress": "/",
    "measure": "/measures/4.7/",
    "measures": "/measures/",
    "compare": "/compare/",
    "brief": "/brief/?from=2020-11-30",
}
LANGUAGES = {"en": "", "zh": "/zh"}
ROUNDS = 5

# The last candidate for the largest paint, every shift of the layout, and what came over the wire.
COUNTED = """() => new Promise((tell) => {
  const seen = { paint: 0, shift: 0 };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.paint = entry.startTime;
  }).observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => {
    const came = [...performance.getEntriesByType("navigation"),
                  ...performance.getEntriesByType("resource")];
    seen.bytes = came.reduce((sum, entry) => sum + entry.transferSize, 0);
    seen.requests = came.length;
    tell(seen);
  }, 250);
})"""


@dataclass(frozen=True)
class Cost:
    """Bytes over the wire with headers, requests, milliseconds, and shift as Chromium scores it."""

    size: int
    requests: int
    paint: float
    shift: float


def cost(browser: Browser, address: str) -> Cost:
    """What one page costs somebody who comes for the first time."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    try:
        page = context.new_page()
        page.goto(address, wait_until="load")
        told = page.evaluate(COUNTED)
    finally:
        context.close()
    return Cost(told["bytes"], told["requests"], told["paint"], told["shift"])


def median(costs: list[Cost]) -> Cost:
    """The round whose largest paint lies in the middle."""
    return sorted(costs, key=lambda each: each.paint)[len(costs) // 2]


def main() -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        made = stack.enter_context(copied(Site("", {}), folder / "made"))
        made.manage("migrate", "--verbosity=0")
        made.manage("load_bundle", "seeds/")
        made.manage("collectstatic", "--noinput", "--verbosity=0")
        served = stack.enter_context(tracker(folder / "served", made, folder / "made" / "static"))
        chromium = stack.enter_context(sync_playwright()).chromium
        browser = chromium.launch(executable_path=os.environ["CHROMIUM"], args=list(FLAGS))
        stack.callback(browser.close)
        print(f"{'page':<10} {'':<3} {'kB':>6} {'requests':>9} {'paint, ms':>10} {'shift':>6}")
        for name, path in PAGES.items():
            for language, prefix in LANGUAGES.items():
                address = f"{served.address}{prefix}{path}"
                told = median([cost(browser, address) for _ in range(ROUNDS)])
                print(
                    f"{name:<10} {language:<3} {told.size / 1000:>6.1f} {told.requests:>9} "
                    f"{told.paint:>10.0f} {told.shift:>6.3f}"
                )


if __name__ == "__main__":
    main()
