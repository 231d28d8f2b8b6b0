"""What list pages have in common: a page of rows, and an address that keeps the filters."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _lazy

from ..forms import FacetFilter, Filter, SaveViewForm
from ..progress import with_query

PER_PAGE = 50
# What a list is taken away as, by the ending of its file.
FILES = {"CSV": "csv", "Excel": "xlsx", "JSON": "json", "JSON Lines": "jsonl"}
# Older Excel reads Chinese in a CSV only where a mark at its beginning says that it is UTF-8.
MARKED = (_lazy("CSV with BOM"), "csv", {"bom": "on"})
# Lists that are taken away, by the URL name of their page.
TAKEN = ("measure-list", "evidence-list", "timeline", "changes")


def page_of(request: HttpRequest, rows: Any) -> Page[Any]:
    """The page of rows that `?page=` asks for; the nearest one where there is no such page."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


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
        number = context["page"].number if "page" in context else 1
        shown = urlencode(asked | ({"page": number} if number > 1 else {}), doseq=True)
        response["HX-Push-Url"] = f"{request.path}?{shown}" if shown else request.path
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response
