"""What all writing has in common: done once, on the version that was read, in the words sent."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from http import HTTPStatus
from typing import Any, TypeVar

from django.db import IntegrityError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from .. import record, workflow
from ..models.tracked import Tracked
from . import problems
from .access import PersonRequest
from .conditional import shows, versioned, versions_seen
from .errors import Refusal

Made = TypeVar("Made", bound=Tracked)

KEY = re.compile(r"[\x21-\x7e]{1,100}")
ERRORS = (400, 401, 403, 404, 405, 409, 413, 414, 415, 422, 429, 500)

_IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "description": "The ETag of what you have read, so that nobody's newer change is lost.",
    "schema": {"type": "string"},
    "example": '"3-0f2c6d0e9b1a4c57a86e3d21f0b49c78"',
}
_ONCE = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": (
        "A key of your own for this request. Sent again within "
        f"{workflow.RECEIPTS_KEPT // timedelta(hours=1)} hours, it is done once."
    ),
    "schema": {"type": "string", "pattern": "^[!-~]{1,100}$"},
    "example": "5f0c6f6e-8c1f-4b0e-9d0b-3c9f1f3f6a10",
}


def takes(*, match: bool = False, once: bool = False, example: Any = None) -> dict[str, Any]:
    """The headers of an address and an example of its body, for the description of the API."""
    told: dict[str, Any] = {"parameters": [_IF_MATCH] * match + [_ONCE] * once}
    if example is not None:
        told["requestBody"] = {"content": {"application/json": {"example": example}}}
    return told


def written(status: int, schema: Any, *, match: bool = False) -> dict[int, Any]:
    """The answer of an address that writes, and its errors."""
    errors = (*ERRORS, 412, 428) if match else ERRORS
    return {status: schema, **dict.fromkeys(errors, problems.Error)}


def no_query(request: HttpRequest) -> None:
    """Refuse what is asked where nothing is to be asked."""
    for name in request.GET:
        raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, _("There is no such field."), name)


def no_body(request: HttpRequest) -> None:
    """Refuse what is said where there is nothing to say."""
    if request.body.strip() not in (b"", b"{}"):
        raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, _("There is nothing to say. Leave it out."))


def once(request: PersonRequest, response: HttpResponse, act: Callable[[], Made]) -> Made:
    """Do it; where the request was sent before under its key, take what it did then."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        with _nobody_quicker():
            return act()
    if not KEY.fullmatch(key):
        sentence = _("A key has 1 to 100 letters, digits or signs of ASCII and no spaces.")
        raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, sentence, "Idempotency-Key")
    said = (str(request.method).encode(), request.get_full_path().encode(), request.body)
    digest = hashlib.sha256(b"\n".join(said)).hexdigest()
    try:
        with _nobody_quicker():
            done, before = workflow.once(act, by=request.user, key=key, digest=digest)
    except workflow.Reused as reused:
        raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, str(reused), "Idempotency-Key") from reused
    except workflow.Gone as gone:
        raise Refusal(HTTPStatus.CONFLICT, str(gone), "Idempotency-Key") from gone
    if before:
        response["Idempotency-Replayed"] = "true"
    return done  # type: ignore[return-value]


@contextmanager
def _nobody_quicker() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        sentence = _("A colleague has just added this. Read it first.")
        raise Refusal(HTTPStatus.CONFLICT, sentence) from error


@contextmanager
def on_what_was_read(
    request: HttpRequest, row: Made, told: Mapping[str, Any], tell: Callable[[Made], Any]
) -> Iterator[None]:
    """Refuse a change of a version that the writer has not read, with both texts.

    `tell` gives a row as it is answered, to be laid beside what was `told`.
    """
    seen = versions_seen(request)
    if seen is None:
        raise Refusal(HTTPStatus.PRECONDITION_REQUIRED)
    if row.version not in seen:
        raise _stale(request, row, told, tell)
    try:
        yield
    except record.Conflict as conflict:
        if conflict.theirs is None:
            raise Refusal(HTTPStatus.NOT_FOUND) from conflict
        theirs = type(row)._default_manager.get(pk=row.pk)
        raise _stale(request, theirs, told, tell) from conflict


def _stale(
    request: HttpRequest, row: Made, told: Mapping[str, Any], tell: Callable[[Made], Any]
) -> Refusal:
    now = tell(row)
    differences = [
        {"field": name, "yours": value, "theirs": now[name]}
        for name, value in told.items()
        if name in now and now[name] != value
    ]
    headers = {"ETag": versioned(request, row.version)}
    return Refusal(HTTPStatus.PRECONDITION_FAILED, headers=headers, differences=differences)


def told_by(form: BaseForm) -> None:
    """Refuse what the form of the page would refuse, every reason by its field."""
    if form.is_valid():
        return
    found = [
        {"field": "" if name == "__all__" else name, "message": str(message)}
        for name, messages in form.errors.items()
        for message in messages
    ]
    more = {"problems": found} if len(found) > 1 else {}
    raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, **found[0], **more)  # type: ignore[arg-type]


def at(request: HttpRequest, response: HttpResponse, row: Tracked, address: str) -> None:
    """Say where the row is and which version of it is answered."""
    if request.method == "POST":
        response["Location"] = address
    shows(request, row, address)
