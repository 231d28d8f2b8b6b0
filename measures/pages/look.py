"""What the look of this installation is made of: its stylesheet, its logo, its manifest.

Each under an address that holds the hash of what it says, so that a browser may keep it for ever.
"""

import json
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.templatetags.static import static
from django.utils import translation
from django.views.decorators.http import require_safe

from ..models import Installation

FOR_EVER = "public, max-age=31536000, immutable"
# Whose machine has not heard of the change yet, or has heard of a later one.
SOON = "no-cache"


@require_safe
@login_not_required
def look_style(request: HttpRequest, chosen: str, digest: str) -> HttpResponse:
    """The colours of the installation, and its name for the margin of a printed page."""
    with translation.override(_code(chosen)):
        site = Installation.objects.current()
        if not site.look:
            raise Http404
        return _kept(_rules(site), "text/css; charset=utf-8", digest == site.look)


def _rules(site: Installation) -> str:
    told = "".join(f"\\{ord(letter):x} " for letter in str(site))
    rules = f'@layer print {{ @page {{ @bottom-left {{ content: "{told}"; }} }} }}\n'
    if site.accents:
        light, dark = site.accents
        rules += f"@layer tokens {{ :root {{ --accent: light-dark({light}, {dark}); }} }}\n"
    return rules


@require_safe
@login_not_required
def look_logo(request: HttpRequest, digest: str) -> HttpResponse:
    """The logo as it was handed in."""
    site = Installation.objects.first()
    content = site.logo_content() if site else b""
    if not site or not content:
        raise Http404
    response = _kept(content, site.logo_kind, site.logo_hash.startswith(digest))
    # Opened by itself it is a picture and nothing else.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Content-Disposition"] = "inline"
    return response


@require_safe
@login_not_required
def look_manifest(request: HttpRequest, chosen: str, digest: str) -> HttpResponse:
    """What a phone calls the site that somebody puts on its first page."""
    with translation.override(_code(chosen)):
        site = Installation.objects.current()
        told = {
            "name": str(site),
            "short_name": str(site)[:30],
            "start_url": "/",
            "scope": "/",
            "display": "browser",
            "background_color": "#fbfaf7",
            "theme_color": site.accents[0] if site.accents else "#0b4f8a",
            "icons": [_icon("mark.svg", "any", "image/svg+xml"), *_pictures()],
        }
        text = json.dumps(told, ensure_ascii=False)
        return _kept(text, "application/manifest+json", digest == site.look)


def _pictures() -> list[dict[str, str]]:
    return [_icon(f"icon-{size}.png", f"{size}x{size}", "image/png") for size in (192, 512)]


def _icon(name: str, sizes: str, kind: str) -> dict[str, str]:
    return {"src": static(f"measures/img/{name}"), "sizes": sizes, "type": kind}


def _code(chosen: str) -> str:
    codes = {code.partition("-")[0]: code for code, _name in settings.LANGUAGES}
    if chosen not in codes:
        raise Http404
    return codes[chosen]


def _kept(content: Any, kind: str, is_this: bool) -> HttpResponse:
    cache = FOR_EVER if is_this else SOON
    return HttpResponse(content, content_type=kind, headers={"Cache-Control": cache})
