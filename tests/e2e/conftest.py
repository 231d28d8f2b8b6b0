"""Chromium, and trackers of its own to walk through: started as `make run` starts one."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
import yaml
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from ipr_tracker.settings import VARIABLES

ROOT = Path(__file__).parents[2]
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MISSING = "/nowhere/"
# Seconds; after five minutes some pages ask for the password again.
FRESH = 120
# Whatever the policy of the page refuses, told as an error of it.
POLICY = """addEventListener("securitypolicyviolation", (event) => console.error(
    "policy:", event.violatedDirective, event.blockedURI, event.sourceFile, event.sample))"""

# A page that comes late on a busy machine is no wrong page.
expect.set_options(timeout=20_000)


@dataclass
class Site:
    """A tracker that is being served, and the passwords of its accounts."""

    address: str
    environment: dict[str, str]
    passwords: dict[str, str] = field(default_factory=dict)

    def manage(self, *command: str) -> str:
        """Run a management command of this tracker and return what it says."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout


@contextmanager
def database(like: str) -> Iterator[str]:
    """A new database on the server that the tests run on, a copy of that one; empty for SQLite."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield ""
        return
    name, template = f"e2e_{secrets.token_hex(6)}", urlsplit(like).path[1:] or "template1"
    with psycopg.connect(given, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        yield urlsplit(given)._replace(path=f"/{name}").geturl()
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def copied(like: Site, folder: Path) -> Iterator[Site]:
    """An installation that begins as that one is; nobody serves it yet."""
    with database(like.environment.get("DATABASE_URL", "")) as url:
        environment = {name: value for name, value in os.environ.items() if name not in VARIABLES}
        environment |= {
            "DATA_DIR": str(folder),
            "SECRET_KEY": secrets.token_urlsafe(50),
            "DATABASE_URL": url,
        }
        if begun := like.environment.get("DATA_DIR"):
            without = shutil.ignore_patterns("static")
            shutil.copytree(begun, folder, ignore=without, dirs_exist_ok=True)
        yield Site("", environment, dict(like.passwords))


@contextmanager
def tracker(folder: Path, like: Site, static: Path) -> Iterator[Site]:
    """A tracker on a free port of this machine, which begins as that installation is.

    The port is taken here and handed to the server, so that a request waits for the server to be
    ready, and nobody else can take the port in between.
    """
    with copied(like, folder) as site, socket.create_server(("127.0.0.1", 0)) as door:
        site.address = f"http://127.0.0.1:{door.getsockname()[1]}"
        (folder / "static").symlink_to(static)
        server = [
            sys.executable,
            "-m",
            "gunicorn",
            "ipr_tracker.wsgi",
            f"--bind=fd://{door.fileno()}",
        ]
        options = ["--worker-class=gthread", "--threads=4", "--no-control-socket"]
        with subprocess.Popen(
            [*server, *options, "--log-level=warning"],
            cwd=ROOT,
            env=site.environment,
            pass_fds=[door.fileno()],
        ) as process:
            yield site
            process.terminate()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An empty installation, made once: its tables take longer to make than to copy."""
    with copied(Site("", {}), tmp_path_factory.mktemp("migrated")) as site:
        site.manage("migrate", "--verbosity=0")
        yield site


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory, migrated: Site) -> Iterator[Site]:
    """The installation as it comes: the shipped register and the four demonstration accounts."""
    with copied(migrated, tmp_path_factory.mktemp("loaded")) as site:
        site.manage("load_bundle", "seeds/")
        told = site.manage("create_demo_accounts").splitlines()[1:]
        site.passwords = dict(line.split() for line in told)
        yield site


@pytest.fixture(scope="session")
def static_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The collected static files, which all trackers share."""
    folder = tmp_path_factory.mktemp("collected")
    environment = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    Site("", environment | {"DATA_DIR": str(folder), "SECRET_KEY": "x" * 50}).manage(
        "collectstatic", "--noinput", "--verbosity=0"
    )
    return folder / "static"


@pytest.fixture(scope="session")
def site(
    tmp_path_factory: pytest.TempPathFactory, loaded: Site, static_files: Path
) -> Iterator[Site]:
    """The tracker as it comes."""
    with tracker(tmp_path_factory.mktemp("site"), loaded, static_files) as site:
        yield site


@pytest.fixture(scope="session")
def desk_site(
    tmp_path_factory: pytest.TempPathFactory, loaded: Site, static_files: Path
) -> Iterator[Site]:
    """The same on its own, because here things are written.

    Each test writes on a measure and a document of its own, because they come in any order.
    """
    with tracker(tmp_path_factory.mktemp("desk"), loaded, static_files) as site:
        yield site


@pytest.fixture(scope="session")
def empty_site(
    tmp_path_factory: pytest.TempPathFactory, migrated: Site, static_files: Path
) -> Iterator[Site]:
    """A tracker into which nothing was loaded."""
    with tracker(tmp_path_factory.mktemp("empty"), migrated, static_files) as site:
        yield site


@pytest.fixture(scope="session")
def site_with_text(
    tmp_path_factory: pytest.TempPathFactory, loaded: Site, static_files: Path
) -> Iterator[Site]:
    """The shipped register with a text of our own around its quotations."""
    folder = tmp_path_factory.mktemp("text")
    with tracker(folder, loaded, static_files) as site:
        article = folder / "article.txt"
        article.write_text(invented_text(), encoding="utf-8")
        (source,) = yaml.safe_load((ROOT / "seeds/sources.yaml").read_text())
        site.manage("load_source_text", source["slug"], str(article))
        yield site


def invented_text() -> str:
    """A paragraph for each passage: its quotations, and sentences that nobody ever said."""
    passages = yaml.safe_load((ROOT / "seeds/passages.yaml").read_text())
    measures = yaml.safe_load((ROOT / "seeds/measures.yaml").read_text())
    filler = "This sentence was made up to stand between two others, and says nothing."
    quoted: dict[int, list[str]] = {passage["number"]: [filler] for passage in passages}
    for measure in measures:
        quoted[measure["passage"]] += [f"{measure['quotation']}.", filler]
    return "\n\n".join(" ".join(sentences) for _, sentences in sorted(quoted.items()))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ["CHROMIUM"], args=list(FLAGS)
        )
        yield browser
        browser.close()


@dataclass
class Watch:
    """What a browser complains of, and every request that leaves this machine."""

    problems: list[str] = field(default_factory=list)

    def console(self, message: ConsoleMessage) -> None:
        # The browser counts a missing page as an error, even where it was asked for on purpose.
        on_purpose = message.location["url"].endswith(MISSING) and "404" in message.text
        if message.type in ("error", "warning") and not on_purpose:
            self.problems.append(f"{message.type}: {message.text}")

    def forgive(self, status: int) -> None:
        """Chromium takes such an answer for an error of the page; here it was asked for."""
        self.problems[:] = [each for each in self.problems if f"status of {status}" not in each]

    def request(self, request: Request) -> None:
        if urlsplit(request.url).hostname not in ("127.0.0.1", "localhost", None):
            self.problems.append(f"request to {request.url}")


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Every test fails on whatever the browser complains of."""
    watch = Watch()
    yield watch
    assert watch.problems == []


@pytest.fixture
def opened(chromium: Browser, watch: Watch) -> Iterator[Callable[..., Page]]:
    """A new window of a browser of its own; the options are those of Playwright's context."""
    contexts = []

    def open_window(site: Site, **options: Any) -> Page:
        context = chromium.new_context(base_url=site.address, **options)
        context.set_default_timeout(20_000)
        context.add_init_script(POLICY)
        context.on("console", watch.console)
        context.on("weberror", lambda error: watch.problems.append(str(error.error)))
        context.on("request", watch.request)
        contexts.append(context)
        return context.new_page()

    yield open_window
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def sessions() -> dict[str, tuple[float, Any]]:
    """When somebody signed in at the desk's tracker, and the cookies that were given."""
    return {}


@pytest.fixture
def person(
    desk_site: Site, opened: Callable[..., Page], sessions: dict[str, tuple[float, Any]]
) -> Callable[..., Page]:
    """The browser of somebody who has signed in, in a context of its own."""

    def sign_in(username: str, **options: Any) -> Page:
        since, cookies = sessions.get(username, (0.0, None))
        if cookies and time.monotonic() - since < FRESH:
            page = opened(desk_site, storage_state=cookies, **options)
            page.goto("/desk/")
            expect(page.locator("h1")).to_have_text("Desk")
            return page
        page = opened(desk_site, **options)
        page.goto("/accounts/login/?next=/desk/")
        page.locator("#id_login").fill(username)
        page.locator("#id_password").fill(desk_site.passwords[username])
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.locator("h1")).to_have_text("Desk")
        sessions[username] = (time.monotonic(), page.context.storage_state())
        return page

    return sign_in


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what the walks measured; none of it is asserted."""
    for report in terminalreporter.stats.get("passed", []):
        for name, told in report.user_properties:
            terminalreporter.write_line(f"{name}: {told}")
