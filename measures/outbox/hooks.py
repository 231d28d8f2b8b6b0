"""What is told to a machine: JSON in the shapes of the API, signed, and what came of it."""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import timezone

from .. import seals, shapes
from ..links import Failed, Fetcher, Guard, Limits, Refused, agent
from ..models import Delivery, Message, RecordEntry
from .digest import MOST_READ, entries_of, gather

# Seconds and bytes: a machine that is told something has little to say.
LIMITS = Limits(seconds=15, silence=10, body=64 * 1024)
ACCEPTED = range(200, 300)


def signature(secret: str, moment: str, body: bytes) -> str:
    """What stands in `IPR-Signature`: HMAC-SHA256 of the moment, a point and the body, in hex."""
    return hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()


def fetcher() -> Fetcher:
    """What goes out: by the rules of `links`, and no other way."""
    return Fetcher(agent(), limits=LIMITS)


def may_be_asked(address: str) -> bool:
    """Whether the guard would ever let anything go there; an unknown name may be known later."""
    try:
        Guard().judged(address)
    except Refused:
        return False
    except OSError:
        return True
    return True


def hand_over(message: Message) -> str:
    """Tell the machine once, and keep what it answered; why it is to be tried again, or nothing."""
    webhook = message.webhook
    if webhook is None:
        raise ValueError("this message goes to no webhook")
    begun = time.monotonic()
    status, trouble = None, ""
    try:
        body = json.dumps(told(message), ensure_ascii=False).encode()
        status = fetcher().post(webhook.address, body, headers(message, body)).status
    except (Refused, Failed) as error:
        trouble = str(error)
    except seals.Unreadable:
        trouble = "The key of this installation has changed: make the webhook anew."
    if status is not None and status not in ACCEPTED:
        trouble = f"The machine answered {status}."
    spent = int(1000 * (time.monotonic() - begun))
    Delivery.objects.create(
        message=message, status=status, milliseconds=spent, trouble=trouble[:200]
    )
    return trouble


def headers(message: Message, body: bytes) -> Mapping[str, str]:
    """Who tells what, when, and that it is us. The id stays the same however often it is sent."""
    moment = str(int(timezone.now().timestamp()))
    secret = message.webhook.secret if message.webhook else ""
    return {
        "Content-Type": "application/json; charset=utf-8",
        "IPR-Event": message.kind,
        "IPR-Delivery": str(message.uid),
        "IPR-Timestamp": moment,
        "IPR-Signature": signature(secret, moment, body),
    }


def told(message: Message) -> dict[str, Any]:
    """The body. `entries` are the newest; the API has all of them, between the two heads."""
    about = {"id": str(message.uid), "event": message.kind, "site": settings.SITE_URL}
    if message.kind == Message.Kind.TEST or message.subscription is None:
        return about
    digest = gather(message)
    subscription = digest.subscription
    entries = entries_of(subscription, message.first or 0, digest.last.sequence)
    return about | {
        "subscription": {
            "id": str(subscription.uid),
            "source": subscription.source.slug,
            "follows": subscription.subject,
            "name": str(shapes.name_of(subscription.followed)),
            "url": digest.anchor.address(subscription.get_absolute_url()),
        },
        "from": _head(digest.first),
        "to": _head(digest.last),
        "comparison": shapes.comparison(digest.comparison),
        "entries": [shapes.entry(each) for each in entries.newest_first()[:MOST_READ]],
        "total": digest.total,
    }


def _head(entry: RecordEntry | None) -> dict[str, Any] | None:
    if entry is None:
        return None
    return {"sequence": entry.sequence, "hash": entry.hash, "at": shapes.public(entry.at)}
