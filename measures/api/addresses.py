"""The addresses of the API, put together."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.openapi import get_schema
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.renderers import JSONRenderer

from .. import strict_json
from . import conditional, drafting, errors


class ReadableJSON(JSONRenderer):
    """Chinese as Chinese, so that people can read an answer as well."""

    json_dumps_params = {"ensure_ascii": False}


class StrictParser(Parser):
    """A body that could be read in two ways is not read."""

    def parse_body(self, request: HttpRequest) -> Any:
        """What the body says; raises `strict_json.NotStrict`, which is answered with 400."""
        return strict_json.loads(request.body)


def in_english(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A description is read by programs, and is the same in every language of the reader."""

    @wraps(view)
    def described(request: HttpRequest, **values: Any) -> HttpResponse:
        response = view(request, **values)
        response["Content-Language"] = "en"
        return response

    return require_safe(described)


class DescribedAPI(NinjaAPI):
    """Its description is put together once: that takes a good part of a second."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The description under that address; whoever takes it does not change it."""
        return _schema(self, path_prefix or self.get_root_path(path_params or {}))


@cache
def _schema(described: NinjaAPI, prefix: str) -> OpenAPISchema:
    return get_schema(described, prefix)


api = DescribedAPI(
    title="IPR Tracker",
    version=conditional.VERSION,
    description=(
        "What was promised, what was seen, what was judged: on any day, as known on any day. "
        "Data CC BY 4.0; quotations belong to their publisher."
    ),
    urls_namespace="api",
    openapi_url="/openapi.json",
    docs_url=None,
    docs_decorator=in_english,
    renderer=ReadableJSON(),
    parser=StrictParser(),
    openapi_extra={"info": {"license": {"name": "CC BY 4.0", "identifier": "CC-BY-4.0"}}},
)
errors.install(api)
api.add_decorator(conditional.conditional, mode="view")
# Reading, citing and drafting share one router, as one address may take reading and writing.
api.add_router("", drafting.router)
