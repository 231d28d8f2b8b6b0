"""Pages travel compressed; what holds a secret, or is no page, does not."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

from .language import plain

# Keys, codes and links that are shown once stand here, on pages that repeat what they were asked.
SECRET = ("/account/", "/accounts/")


class CompressingMiddleware(GZipMiddleware):
    """Compress HTML, with a random length, so that what it holds cannot be told from its size."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if response.streaming or kind != "text/html":
            return response
        if plain(request.path_info).startswith(SECRET):
            return response
        # Also where it is not compressed: what is told of a page says of it what the page would.
        patch_vary_headers(response, ["Accept-Encoding"])
        return super().process_response(request, response)
