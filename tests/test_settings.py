"""The environment decides; what is wrong in it stops the start with a sentence."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from ipr_tracker.environment import MOST_DAYS, days, mail, provider, site
from measures import method

NAME = "REVIEW_DAYS_DELIVERABLE"


def test_reviews_fall_due_as_the_method_has_it_unless_the_desk_says_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert (
        method.REVIEW_AFTER_DAYS
        == settings.REVIEW_DAYS
        == {
            "deliverable": 180,
            "continuing": 365,
        }
    )
    assert set(settings.REVIEW_DAYS) == set(method.NATURES)
    for told, number in ((" 30 ", 30), ("1", 1), (str(MOST_DAYS), MOST_DAYS), ("", 180)):
        monkeypatch.setenv(NAME, told)
        assert days(NAME, 180) == number


@pytest.mark.parametrize(
    "told", ["0", "-1", "3651", "99999999999", "1.5", "1e2", "soon", "٣٠", "30 days"]
)
def test_a_cadence_that_is_none_is_refused(told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, told)
    sentence = f"{NAME} is '{told}'; write a whole number of days from 1 to {MOST_DAYS}."
    with pytest.raises(ImproperlyConfigured) as refusal:
        days(NAME, 180)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize("told", ["90", "soon"])
def test_a_wrong_cadence_stops_the_start_and_a_right_one_holds(told: str) -> None:
    asked = "from django.conf import settings; print(settings.REVIEW_DAYS)"
    started = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "--command", asked],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": "sqlite://:memory:", NAME: told},
        capture_output=True,
        text=True,
        timeout=60,
    )
    if told == "90":
        assert started.stdout.strip() == "{'deliverable': 90, 'continuing': 365}"
    else:
        assert started.returncode != 0
        assert f"{NAME} is 'soon'; write a whole number" in started.stderr


def test_mail_goes_where_the_address_says(monkeypatch: pytest.MonkeyPatch) -> None:
    def told(value: str) -> tuple[object, ...]:
        monkeypatch.setenv("EMAIL_URL", value)
        found = mail("EMAIL_URL")
        names = ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL")
        return tuple(found.get(f"EMAIL_{name}") for name in names)

    assert mail("EMAIL_URL")["EMAIL_BACKEND"].endswith("console.EmailBackend")
    assert told("smtp://a%40b:p%2Fw@mail.example.org") == (
        "mail.example.org",
        587,
        "a@b",
        "p/w",
        True,
        False,
    )
    assert told("smtps://mail.example.org:4465")[1:] == (4465, "", "", False, True)
    assert told("smtp+plain://127.0.0.1")[1:] == (25, "", "", False, False)


@pytest.mark.parametrize(
    "told", ["mail.example.org", "http://x", "smtp:///x", "smtp://x:pw@h:port"]
)
def test_an_address_of_no_mail_server_is_refused_without_repeating_it(
    told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EMAIL_URL", told)
    with pytest.raises(ImproperlyConfigured) as refusal:
        mail("EMAIL_URL")
    assert "names no mail server" in str(refusal.value)
    assert told not in str(refusal.value)


def test_a_provider_is_told_in_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_NAME")
    for name in names:
        monkeypatch.delenv(name, raising=False)
    assert provider(*names) == []
    monkeypatch.setenv("OIDC_ISSUER", "http://id.example.org")
    with pytest.raises(ImproperlyConfigured, match="OIDC_CLIENT_ID and OIDC_CLIENT_SECRET must"):
        provider(*names)
    monkeypatch.setenv("OIDC_CLIENT_ID", "tracker")
    monkeypatch.setenv("OIDC_CLIENT_SECRET", "secret")
    with pytest.raises(ImproperlyConfigured, match="write an https:// address"):
        provider(*names)
    monkeypatch.setenv("OIDC_ISSUER", "https://id.example.org/realms/house")
    (found,) = provider(*names)
    assert found["settings"]["server_url"] == "https://id.example.org/realms/house"
    assert found["settings"]["oauth_pkce_enabled"]


def test_where_there_is_https_no_cookie_can_be_planted_and_the_api_is_not_led_on() -> None:
    """What only a server with https has: names of cookies, and what is not redirected."""
    asked = (
        "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, "
        "s.LANGUAGE_COOKIE_NAME, s.SESSION_COOKIE_SECURE and s.CSRF_COOKIE_SECURE and "
        "s.LANGUAGE_COOKIE_SECURE, s.MESSAGE_STORAGE.rpartition('.')[2], s.SECURE_REDIRECT_EXEMPT)"
    )
    started = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "--command", asked],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": "sqlite://:memory:", "HTTPS": "on"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert started.stdout.split() == [
        *("__Host-sessionid", "__Host-csrftoken", "__Host-language", "True"),
        *("SessionStorage", "['^api/',", "'^metrics$',", "'^(healthz|readyz)$']"),
    ]


def test_links_in_mails_begin_with_what_is_told_or_with_what_can_be_guessed() -> None:
    hosts = [".example.org", "localhost"]
    assert site("https://tracker.example.org/", [], hosts) == "https://tracker.example.org"
    origins = ["https://*.example.org", "https://tracker.example.org"]
    assert site("", origins, hosts) == "https://tracker.example.org"
    assert site("", [], ["127.0.0.1"]) == "http://127.0.0.1"


@pytest.mark.parametrize(
    "told", ["tracker.example.org", "ftp://x", "https://x/path", "https://a@b", "https://x?y"]
)
def test_an_address_that_people_cannot_reach_is_refused(told: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="SITE_URL is"):
        site(told, [], ["localhost"])
