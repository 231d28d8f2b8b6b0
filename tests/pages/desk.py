"""The forms of the desk as a browser would send them back."""

from typing import Any

from django.test import Client

from measures.models import Draft

HTMX = {"HX-Request": "true", "HX-Target": "checks"}


def address(draft: Draft) -> str:
    return f"/desk/drafts/{draft.uid}/"


def review(draft: Draft) -> str:
    return f"{address(draft)}review/"


def filled(browser: Client, draft: Draft, **changes: Any) -> dict[str, Any]:
    """What the form on the page of the draft would post, with `changes` made by its author."""
    form = browser.get(address(draft)).context["form"]
    posted = {bound.html_name: bound.value() for bound in form}
    return {name: value for name, value in posted.items() if value not in (None, False)} | changes
