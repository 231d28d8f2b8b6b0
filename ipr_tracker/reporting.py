"""Sentry, where `SENTRY_DSN` names one: what failed and where, and nothing of whoever asked.

Loaded only then. No cookies, headers, bodies, values of a query or of a variable are sent, no user
and no address; of a fault its kind and its places, since the words of a fault repeat what was sent.
"""

from typing import Any

import sentry_sdk
from django.core.exceptions import ImproperlyConfigured
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.integrations.logging import LoggingIntegration
from sentry_sdk.utils import BadDsn

from measures import logs


def start(dsn: str, release: str, **others: Any) -> None:
    """Send faults to that address from now on; `others` go to the library as they are."""
    try:
        sentry_sdk.init(dsn=dsn, release=f"ipr-tracker@{release}", **OPTIONS, **others)
    except BadDsn:
        # The address itself is not repeated: it holds a key.
        raise ImproperlyConfigured(
            "SENTRY_DSN is no address of a Sentry project; write https://key@host/number."
        ) from None


def scrubbed(event: Any, hint: Any) -> Any:
    """The event without anything that could tell of a person."""
    asked = event.pop("request", {})
    if asked:
        path = logs.masked(str(asked.get("url", "")).partition("?")[0])
        event["request"] = {"method": asked.get("method"), "url": path}
    for name in ("user", "server_name", "extra", "breadcrumbs", "modules"):
        event.pop(name, None)
    event["tags"] = {"request": logs.request_id()}
    for fault in event.get("exception", {}).get("values", ()):
        fault["value"] = ""
    if "logentry" in event:
        event["logentry"] = {"message": logs.masked(str(event["logentry"].get("message", "")))}
    return event


OPTIONS: dict[str, Any] = {
    "before_send": scrubbed,
    "before_breadcrumb": lambda crumb, hint: None,
    "send_default_pii": False,
    "max_request_body_size": "never",
    "include_local_variables": False,
    "include_source_context": False,
    "traces_sample_rate": None,
    "auto_session_tracking": False,
    "send_client_reports": False,
    "default_integrations": False,
    "auto_enabling_integrations": False,
    # Of the log only what Django says of a page that failed, by way of the fault itself.
    "integrations": [DjangoIntegration(), LoggingIntegration(event_level=None)],
}
