"""The addresses of the API, put together."""

from typing import Any

from django.http import HttpRequest
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
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


api = NinjaAPI(
    title="IPR Tracker",
    version=conditional.VERSION,
    description=(
        "What was promised, what was seen, what was judged: on any day, as known on any day. "
        "Data CC BY 4.0; quotations belong to their publisher."
    ),
    urls_namespace="api",
    openapi_url="/openapi.json",
    docs_url=None,
    docs_decorator=require_safe,
    renderer=ReadableJSON(),
    parser=StrictParser(),
    openapi_extra={"info": {"license": {"name": "CC BY 4.0", "identifier": "CC-BY-4.0"}}},
)
errors.install(api)
api.add_decorator(conditional.conditional, mode="view")
# Reading, citing and drafting share one router, as one address may take reading and writing.
api.add_router("", drafting.router)
