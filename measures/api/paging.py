"""Lists, a page at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.core.signing import BadSignature, Signer
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _

from ..models import following
from .asked import InPages
from .errors import Refusal

SIGNER = Signer(salt="measures.api.cursor")


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a list, the address of the page after them, and how many rows there are in all."""

    rows: Sequence[Any]
    next: str | None
    total: int

    def told(self, tell: Callable[[Any], dict[str, Any]], rows: Sequence[Any] | None = None) -> Any:
        """The page as it is answered; `rows` are told instead where they were read further."""
        told = self.rows if rows is None else rows
        return {"total": self.total, "items": [tell(row) for row in told], "next": self.next}


def page_of(
    request: HttpRequest, asked: InPages, found: "models.QuerySet[Any]", order: Sequence[str]
) -> Page:
    """The page that is asked for, in an order whose fields together are unique."""
    last = _read(asked.cursor, order)
    rows = list(following(found, order, last)[: asked.limit + 1])
    more, rows = len(rows) > asked.limit, rows[: asked.limit]
    total = found.order_by().count()
    return Page(rows, _address(request, order, rows[-1]) if more else None, total)


def _address(request: HttpRequest, order: Sequence[str], last: models.Model) -> str:
    values = [_value(last, name.lstrip("-")) for name in order]
    cursor = SIGNER.sign_object({"order": list(order), "after": values})
    names = (name for name in request.GET if name != "cursor")
    kept = [(name, value) for name in names for value in request.GET.getlist(name)]
    return f"{request.path}?{urlencode([*kept, ('cursor', cursor)])}"


def _value(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name)
    return row.isoformat() if isinstance(row, date) else row


def _read(cursor: str | None, order: Sequence[str]) -> list[Any] | None:
    if not cursor:
        return None
    try:
        told = SIGNER.unsign_object(cursor)
    except (BadSignature, ValueError):
        told = {}
    if told.get("order") != list(order):
        raise Refusal(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            _("This is no cursor of this list. Begin without one."),
            "cursor",
        )
    after: list[Any] = told["after"]
    return after
