"""The description of the API as a page, made of the same schema as its OpenAPI document."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .addresses import api


@dataclass(frozen=True, slots=True)
class Parameter:
    """A name that an address takes, and what may be written under it."""

    name: str
    meaning: str
    kind: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """One address with one method, the fields that it takes and those that it answers."""

    method: str
    path: str
    summary: str
    parameters: tuple[Parameter, ...]
    sent: tuple[Parameter, ...]
    example: str
    fields: tuple[Parameter, ...]


@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """Every address of the API: what may be asked, what is answered, how it says no."""
    schema = api.get_openapi_schema()
    groups: dict[str, list[Operation]] = {}
    for path, methods in schema["paths"].items():
        for method, told in methods.items():
            (tag,) = told["tags"]
            groups.setdefault(tag, []).append(_operation(method, path, told, schema))
    context = {"groups": list(groups.items()), "version": api.version}
    context["origin"] = request.build_absolute_uri("/")[:-1]
    return render(request, "measures/api_docs.html", context)


def _operation(method: str, path: str, told: Mapping[str, Any], schema: Any) -> Operation:
    found = (
        Parameter(each["name"], each.get("description", ""), *_form(each["schema"]))
        for each in told["parameters"]
    )
    body = told.get("requestBody", {}).get("content", {}).get("application/json", {})
    answer = next(
        each for status, each in told["responses"].items() if status < HTTPStatus.MULTIPLE_CHOICES
    )
    return Operation(
        method.upper(),
        path,
        told.get("description", ""),
        tuple(found),
        tuple(_fields(body["schema"], schema)) if body else (),
        json.dumps(body["example"], ensure_ascii=False) if body else "",
        tuple(_fields(answer["content"]["application/json"]["schema"], schema)),
    )


def _fields(answer: Mapping[str, Any], schema: Any) -> Iterator[Parameter]:
    """The fields of an answer; of a list those of its rows."""
    told = _resolved(answer, schema)
    rows = told["properties"].get("items")
    told = _resolved(rows["items"], schema) if rows else told
    for name, field in told["properties"].items():
        yield Parameter(name, field.get("description", ""), *_form(field))


def _resolved(told: Mapping[str, Any], schema: Any) -> Any:
    if "$ref" in told:
        return schema["components"]["schemas"][told["$ref"].rsplit("/", 1)[-1]]
    return told


def _form(told: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """What a value looks like, and the words to choose from."""
    some = next((each for each in told.get("anyOf", ()) if each.get("type") != "null"), told)
    if "$ref" in some or "allOf" in some:
        ref = some.get("$ref") or some["allOf"][0]["$ref"]
        return ref.rsplit("/", 1)[-1], ()
    if some.get("type") == "array":
        inner, _ = _form(some["items"])
        return f"[{inner}]", ()
    words = tuple(word for word in some.get("enum", ()) if word)
    return some.get("format") or some.get("type", ""), words
