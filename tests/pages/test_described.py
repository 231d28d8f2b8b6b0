"""What search engines are told of a page: whole, of the right types, and the same as the page."""

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from measures import method, record
from tests.world import World

pytestmark = pytest.mark.usefixtures("world")

Check = Callable[[Any], bool]


def is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def is_address(value: Any) -> bool:
    return is_text(value) and urlsplit(value).scheme in ("http", "https")


def is_day(value: Any) -> bool:
    return len(value) == 10 and bool(date.fromisoformat(value))


def is_moment(value: Any) -> bool:
    return datetime.fromisoformat(value).tzinfo is not None


def is_time_span(value: Any) -> bool:
    first, last = value.split("/")
    return is_day(first) and is_day(last)


def is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def is_a(*types: str) -> Check:
    return lambda value: value["@type"] in types and valid(value)


def are(check: Check) -> Check:
    return lambda value: isinstance(value, list) and bool(value) and all(map(check, value))


# The properties that we use, as schema.org types them; * is one that a search engine asks for.
TYPES: dict[str, dict[str, Check]] = {
    "Dataset": {
        "*name": is_text,
        "*description": lambda value: 50 <= len(value) <= 5000,
        "url": is_address,
        "license": is_address,
        "inLanguage": is_text,
        "isAccessibleForFree": lambda value: value is True,
        "creator": is_a("Organization"),
        "isBasedOn": are(is_a("CreativeWork")),
        "isPartOf": is_a("Dataset"),
        "distribution": are(is_a("DataDownload")),
        "temporalCoverage": is_time_span,
        "dateModified": is_moment,
    },
    "DataDownload": {
        "*contentUrl": is_address,
        "*encodingFormat": lambda value: re.fullmatch(r"[a-z]+/[a-z+.-]+", value) is not None,
    },
    "CreativeWork": {"*name": is_text, "datePublished": is_day, "inLanguage": is_text},
    "Organization": {"*name": is_text},
    "Person": {"*name": is_text},
    "ClaimReview": {
        "*url": is_address,
        "*claimReviewed": is_text,
        "*reviewRating": is_a("Rating"),
        "itemReviewed": is_a("Claim"),
        "author": is_a("Organization"),
        "datePublished": is_moment,
        "reviewBody": is_text,
        "license": is_address,
    },
    "Claim": {
        "author": is_a("Person", "Organization"),
        "datePublished": is_day,
        "appearance": is_a("CreativeWork"),
    },
    "Rating": {
        "*alternateName": is_text,
        "ratingValue": is_number,
        "bestRating": is_number,
        "worstRating": is_number,
    },
}


def valid(told: dict[str, Any]) -> bool:
    known = TYPES[told["@type"]]
    given = {name: value for name, value in told.items() if not name.startswith("@")}
    for name, check in known.items():
        bare = name.lstrip("*")
        assert bare in given or name == bare, f"{told['@type']} lacks {bare}"
        assert bare not in given or check(given[bare]), f"{told['@type']}.{bare}: {given[bare]!r}"
    unknown = set(given) - {name.lstrip("*") for name in known}
    assert not unknown, f"{told['@type']} has no {unknown}"
    return True


def told(visitor: Client, path: str) -> list[dict[str, Any]]:
    text = visitor.get(path).content.decode()
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    return [json.loads(block) for block in blocks]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "Dataset"),
        ("/?as_of=2021-12-31&known=2023-06-02", "Dataset"),
        ("/data/", "Dataset"),
        ("/measures/1.1/", "ClaimReview"),
        ("/measures/1.2/?as_of=2021-06-01", "ClaimReview"),
    ],
)
def test_what_a_page_is_about_is_valid(path: str, kind: str, visitor: Client) -> None:
    (one,) = told(visitor, path)
    assert one["@context"] == "https://schema.org"
    assert one["@type"] == kind
    assert valid(one)


def test_what_is_not_assessed_is_no_review(visitor: Client) -> None:
    assert told(visitor, "/measures/2.1/") == []


def test_a_review_says_what_the_page_says_at_its_dates(world: World, visitor: Client) -> None:
    world.speech.speaker = "A speaker </script>"
    record.save(world.speech, by=world.ana)
    (early,) = told(visitor, "/measures/1.1/?as_of=2020-12-31")
    (now,) = told(visitor, "/measures/1.1/")
    assert early["url"] == "http://testserver/measures/1.1/?as_of=2020-12-31"
    assert early["reviewRating"]["alternateName"] != now["reviewRating"]["alternateName"]
    assert now["claimReviewed"] == world.plan.quotation
    assert now["itemReviewed"]["author"] == {"@type": "Person", "name": "A speaker </script>"}
    label = now["reviewRating"]["alternateName"]
    status = next(each for each in method.STATUSES.values() if str(each.label) == label)
    assert now["reviewRating"].get("ratingValue") == status.rung


def test_a_dataset_names_files_that_are_there_at_its_dates(visitor: Client) -> None:
    (one,) = told(visitor, "/?as_of=2021-12-31&known=2023-06-02")
    for each in one["distribution"]:
        assert "as_of=2021-12-31" in each["contentUrl"]
        answer = visitor.get(each["contentUrl"].removeprefix("http://testserver"))
        assert answer["Content-Type"].startswith(each["encodingFormat"])


def test_a_mistake_would_be_seen() -> None:
    for wrong in (
        {"@type": "Rating"},
        {"@type": "Rating", "alternateName": " "},
        {"@type": "Rating", "alternateName": "x", "ratingValue": "3"},
        {"@type": "Organization", "name": "x", "colour": "red"},
        {"@type": "Claim", "datePublished": "30.11.20"},
    ):
        with pytest.raises((AssertionError, ValueError)):
            valid(wrong)
