"""How the API says no: one shape, the right status, a sentence that helps."""

import logging
from typing import Any

import pytest
from django.test import Client
from jsonschema_rs import validator_for

from measures.api import api

pytestmark = pytest.mark.usefixtures("world")
LISTS = ("sources", "themes", "measures", "findings", "evidence", "changes")
READING = (*LISTS, "measures/1.1", "evidence/outline", "progress", "trend", "compare")


def refused(response: Any, status: int) -> dict[str, str]:
    assert response.status_code == status, response.content
    assert response["Content-Type"].startswith("application/json")
    told = response.json()
    assert set(told) == {"error"}
    assert {"code", "message"} <= set(told["error"]) <= {"code", "message", "field"}
    found: dict[str, str] = told["error"]
    return found


@pytest.mark.parametrize("path", READING)
@pytest.mark.parametrize(
    ("asked", "field", "words"),
    [
        ({"as_of": "2031-01-01"}, "as_of", "1 January 2031 is in the future"),
        ({"as_of": "soon"}, "as_of", "“soon” is no date"),
        ({"as_of": "1999-01-01"}, "as_of", "nothing had been promised"),
        ({"known": "2031-01-01"}, "known", "nothing was recorded yet"),
        ({"as_of": ""}, "as_of", "Leave it out"),
        ({"asof": "2021-01-01"}, "asof", "no such field"),
        ({"as_of": ["2021-01-01", "2022-01-01"]}, "as_of", "one value"),
    ],
)
def test_dates_and_names_are_not_guessed(
    path: str, asked: Any, field: str, words: str, visitor: Client
) -> None:
    told = refused(visitor.get(f"/api/v1/{path}", asked), 422)
    assert told["field"] == field
    assert words in told["message"]
    assert "shown" not in told["message"]


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("measures?status=finished", "status"),
        ("measures?theme=nothing", "theme"),
        ("measures?body=X", "body"),
        ("measures?limit=0", "limit"),
        ("measures?limit=501", "limit"),
        ("measures?limit=many", "limit"),
        ("measures?cursor=abc", "cursor"),
        ("measures?order=status", "order"),
        ("findings?status=not-assessed", "status"),
        ("findings?theme=nothing", "theme"),
        ("evidence?tier=6", "tier"),
        ("evidence?year=1066", "year"),
        ("changes?noun=draft", "noun"),
        ("changes?noun=user", "noun"),
        ("compare?from=soon", "from"),
        ("compare?to=2031-01-01", "to"),
        ("compare?from=2022-01-01&to=2021-01-01", "from"),
        ("trend?theme=nothing", "theme"),
    ],
)
def test_what_cannot_be_meant_names_its_field(path: str, field: str, visitor: Client) -> None:
    assert refused(visitor.get(f"/api/v1/{path}"), 422)["field"] == field


def test_a_cursor_of_another_list_is_refused(visitor: Client) -> None:
    cursor = visitor.get("/api/v1/changes?limit=1").json()["next"].partition("cursor=")[2]
    assert refused(visitor.get(f"/api/v1/evidence?cursor={cursor}"), 422)["field"] == "cursor"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "nowhere", 404),
        ("get", "", 404),
        ("get", "measures/9.9", 404),
        ("get", "measures/", 404),
        ("get", "evidence/none", 404),
        ("get", "evidence/outline?known=2020-01-01", 404),
        ("get", "measures?source=none", 404),
        ("get", "measures?theme=%00", 400),
        ("get", "measures/%00", 400),
        ("post", "measures", 405),
        ("delete", "measures/1.1", 405),
        ("put", "openapi.json", 405),
    ],
)
def test_every_error_has_the_one_shape(
    method: str, path: str, status: int, visitor: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, logger="django")
    response = getattr(visitor, method)(f"/api/v1/{path}")
    refused(response, status)
    if status == 405:
        assert response["Allow"]


def test_a_fault_of_ours_is_admitted_without_its_details(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the secret of the machine")

    monkeypatch.setattr("measures.progress.figures", fail)
    response = Client(raise_request_exception=False).get("/api/v1/progress")
    assert refused(response, 500)["code"] == "fault"
    assert b"secret" not in response.content
    assert "the secret of the machine" in caplog.text


def test_no_address_writes_a_line_of_its_own_into_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("measures.api.reading.source_of", fail)
    Client(raise_request_exception=False).get("/api/v1/measures/1%0A2026-01-01 ERROR invented")
    lines = [each.getMessage() for each in caplog.records if each.levelname == "ERROR"]
    assert lines
    assert not any("\n" in each for each in lines)


def test_the_description_is_openapi_3_1_and_names_every_error(visitor: Client) -> None:
    told = visitor.get("/api/v1/openapi.json").json()
    assert told["openapi"] == "3.1.0"
    assert set(told["paths"]) >= {f"/api/v1/{name}" for name in LISTS}
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            answers = set(operation["responses"])
            assert {"400", "401", "404", "414", "422"} <= answers, (method, path)
            if method in ("post", "patch"):
                assert {"403", "405", "409", "413", "415", "429"} <= answers
                assert operation["security"] == [{"WriteToken": []}]
            for parameter in operation["parameters"]:
                if parameter["required"]:
                    assert parameter["in"] == "path" or parameter["name"] == "If-Match"


def test_every_example_is_one_of_what_it_stands_for() -> None:
    seen = 0
    for schema in api.get_openapi_schema()["components"]["schemas"].values():
        for told in schema.get("properties", {}).values():
            for example in told.get("examples", ()):
                if "$ref" not in str(told):
                    assert validator_for(told).is_valid(example), told
                    seen += 1
    assert seen > 20


def test_the_description_is_put_together_once(visitor: Client) -> None:
    """It takes a good part of a second, and anybody may ask for it."""
    assert api.get_openapi_schema() is api.get_openapi_schema(path_params={})
