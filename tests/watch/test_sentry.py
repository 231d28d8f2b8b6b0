"""Sentry is told of faults, where it is wanted, and of nobody; elsewhere it is not even loaded."""

import json
import os
import subprocess
import sys
from typing import Any

from django.conf import settings as django_settings

DSN = "https://public-key@sentry.example.org/7"
# A site whose page fails, and a transport that keeps what would be sent.
FAILING = """
import json, os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ipr_tracker.settings")
import django
django.setup()
from django.conf import settings
plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
import sentry_sdk
from sentry_sdk.transport import Transport
from ipr_tracker import reporting

kept = []

class Kept(Transport):
    def capture_envelope(self, envelope):
        kept.extend(item.payload.json for item in envelope.items)

if sys.argv[1] == "scrubbed":
    reporting.start(os.environ["SENTRY_DSN"], "9.9", transport=Kept)
else:
    sentry_sdk.init(os.environ["SENTRY_DSN"], transport=Kept, send_default_pii=True)

from measures.pages import guide
from django.core.wsgi import get_wsgi_application
from django.test import RequestFactory
from django.urls import get_resolver
from django.core.management import call_command

call_command("migrate", verbosity=0)

def fail(request, **told):
    secret_in_a_variable = "canary-variable"
    raise RuntimeError("canary-words ana@example.org")

for pattern in get_resolver().url_patterns[-1].url_patterns[-1].url_patterns:
    if getattr(pattern, "name", "") == "about":
        pattern.callback = fail
ask = RequestFactory()
ask.cookies["canary-cookie"] = "canary-crumb"
asked = ask.get(
    "/about/?q=canary-query",
    headers={"User-Agent": "canary-agent", "X-Canary": "canary-header"},
    REMOTE_ADDR="198.51.100.23", SERVER_NAME="localhost",
).environ
said = {}
b"".join(get_wsgi_application()(asked, lambda status, headers: said.update(headers)))
sentry_sdk.flush()
print(json.dumps([said["X-Request-ID"], kept]))
"""


def told(how: str) -> Any:
    run = subprocess.run(
        [sys.executable, "-c", FAILING, how],
        cwd=django_settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": "sqlite://:memory:", "SENTRY_DSN": DSN},
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


def test_a_fault_is_told_with_its_place_and_nothing_of_whoever_asked() -> None:
    name, (event,) = told("scrubbed")
    (fault,) = event["exception"]["values"]
    assert (fault["type"], fault["value"]) == ("RuntimeError", "")
    assert fault["stacktrace"]["frames"][-1]["function"] == "fail"
    assert event["release"] == "ipr-tracker@9.9"
    assert event["request"] == {"method": "GET", "url": "http://localhost/about/"}
    assert event["tags"] == {"request": name}
    written = json.dumps(event)
    for word in ("canary", "example.org", "198.51.100.23", "public-key"):
        assert word not in written, word


def test_without_our_care_it_would_tell_all_of_it() -> None:
    """The control of the test above."""
    _name, events = told("as it comes")
    written = json.dumps(events)
    for word in (
        "canary-words",
        "canary-query",
        "canary-variable",
        "canary-agent",
        "198.51.100.23",
    ):
        assert word in written, word


def shell(code: str, **environment: str) -> Any:
    return subprocess.run(
        [sys.executable, "-c", f"import sys, django; django.setup(); {code}"],
        cwd=django_settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "ipr_tracker.settings", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_where_it_is_not_wanted_nothing_of_it_is_loaded() -> None:
    loaded = "print('sentry_sdk' in sys.modules, 'ipr_tracker.reporting' in sys.modules)"
    assert shell(loaded, SENTRY_DSN="").stdout.split() == ["False", "False"]
    assert shell(loaded, SENTRY_DSN=DSN).stdout.split() == ["True", "True"]


def test_an_address_that_is_none_stops_the_start_and_is_not_repeated() -> None:
    refused = shell("pass", SENTRY_DSN="sentry.example.org/the-key")
    assert refused.returncode != 0
    assert "SENTRY_DSN is no address of a Sentry project" in refused.stderr
    assert "the-key" not in refused.stderr.splitlines()[-1]
