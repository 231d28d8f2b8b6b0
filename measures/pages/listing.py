"""What list pages have in common: a page of rows, and an address that keeps the filters."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _lazy

from ..forms import FacetFilter, Filter, SaveViewForm
from ..progress import Ordered, stretch, with_query

PER_PAGE = 50
# What a list is taken away as, by the ending of its file.
FILES = {"CSV": "csv", "Excel": "xlsx", "JSON": "json", "JSON Lines": "jsonl"}
# Older Excel reads Chinese in a CSV only where a mark at its beginning says that it is UTF-8.
MARKED = (_lazy("CSV with BOM"), "csv", {"bom": "on"})
# Lists that are taken away, by the URL name of their page.
TAKEN = ("measure-list", "evidence-list", "timeline", "changes")


@dataclass(frozen=True, slots=True)
class Part:
    """The rows that a page shows of a list, and the queries of the parts before and after them.

    `count` is that of the whole list; in a long one it is how many there are at least, and
    `is_long` says that there are more. `first` and `last` are counted from 1, 0 in a long list.
    """

    object_list: Sequence[Any]
    count: int
    is_long: bool = False
    first: int = 0
    last: int = 0
    previous: str = ""
    next: str = ""
    asked: dict[str, Any] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.object_list)

    @property
    def is_whole(self) -> bool:
        """Whether there is nothing but these rows."""
        return not (self.previous or self.next)


def page_of(request: HttpRequest, rows: Any, total: int | None = None) -> Part:
    """The page of rows that `?page=` asks for; the nearest one where there is no such page.

    `total` is their number, where it is known.
    """
    pages: Any = Paginator(rows, PER_PAGE)
    if total is not None:
        pages.count = total
    page = pages.get_page(request.GET.get("page"))
    return Part(
        list(page.object_list),
        pages.count,
        first=page.start_index(),
        last=page.end_index(),
        previous=f"page={page.previous_page_number()}" if page.has_previous() else "",
        next=f"page={page.next_page_number()}" if page.has_next() else "",
        asked={"page": page.number} if page.number > 1 else {},
    )


def stretch_of(request: HttpRequest, phases: Sequence[Ordered], name: str, total: int = 0) -> Part:
    """The rows of a long list after `?after=`, or before `?before=`: see `progress.stretch`.

    `total` is how many there are at least, where that is known.
    """
    asked = {key: request.GET.get(key, "") for key in ("after", "before")}
    found = stretch(phases, name, PER_PAGE, **asked)
    before = urlencode({"before": found.before}) if found.before else ""
    after = urlencode({"after": found.after}) if found.after else ""
    is_long = bool(before or after)
    shown = {key: value for key, value in asked.items() if value and is_long}
    number = total if is_long and total else len(found.rows)
    return Part(found.rows, number, is_long, previous=before, next=after, asked=shown)


def first_of(request: HttpRequest, rows: Any, most: int) -> Part:
    """A page of a long list in an order that no index serves: the first `most` rows, no further."""
    asked = request.GET.get("page", "1")
    number = min(int(asked), most // PER_PAGE) if asked.isdecimal() and len(asked) < 9 else 1
    begin = PER_PAGE * (max(number, 1) - 1)
    found = list(rows[begin : begin + PER_PAGE + 1])
    more = len(found) > PER_PAGE
    has_next = more and number < most // PER_PAGE
    return Part(
        found[:PER_PAGE],
        begin + len(found[:PER_PAGE]),
        more,
        previous=f"page={number - 1}" if number > 1 else "",
        next=f"page={number + 1}" if has_next else "",
        asked={"page": number} if number > 1 else {},
    )


def files_of(stem: str, query: dict[str, Any]) -> list[tuple[str, str]]:
    """The names and addresses of the files of a list: its own address with an ending."""
    found = [(label, with_query(f"{stem}.{ending}", query)) for label, ending in FILES.items()]
    label, ending, more = MARKED
    return [*found, (str(label), with_query(f"{stem}.{ending}", query | more))]


def _to_save(request: HttpRequest, context: dict[str, Any]) -> SaveViewForm:
    """The form that keeps this list as it is shown."""
    source = context.get("source")
    shown = {
        "place": request.resolver_match.url_name if request.resolver_match else "",
        "source": source.slug if source else "",
        "query": context["query"],
    }
    return SaveViewForm(None, request.user, shown=shown)  # type: ignore[arg-type]


def render_list(
    request: HttpRequest, template: str, form: Filter, context: dict[str, Any]
) -> HttpResponse:
    """The whole page, or for htmx its part `results`, with a clean address for the browser."""
    dates = request.when.query  # type: ignore[attr-defined]
    asked = form.query() | dates
    context |= {
        "form": form,
        "query": urlencode(asked, doseq=True),
        "is_filtered": bool(form.query()),
    }
    if isinstance(form, FacetFilter):
        tally: Any = context.pop("tally")
        context |= {"facets": form.facets(tally), "chips": form.chips(dates)}
        if request.user.has_perm("measures.view_draft"):
            context["save_form"] = _to_save(request, context)
    match = request.resolver_match
    if match and match.url_name in TAKEN:
        context["files"] = files_of(request.path.rstrip("/"), asked)
    htmx = request.htmx  # type: ignore[attr-defined]
    part = bool(htmx) and htmx.target == "results" and not htmx.history_restore_request
    response = render(request, f"{template}#results" if part else template, context)
    if part:
        # The foot cites the page, and its filters have changed.
        foot = render_to_string("measures/_cite_page.html", {**context, "swap": True}, request)
        response.write(foot)
        if "facets" in context:
            response.write(render_to_string("measures/_counts.html", context, request))
        place = context["page"].asked if "page" in context else {}
        shown = urlencode(asked | place, doseq=True)
        response["HX-Push-Url"] = f"{request.path}?{shown}" if shown else request.path
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response
