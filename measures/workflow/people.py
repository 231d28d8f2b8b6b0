"""Erasing a person: the name goes, what they did stays under their opaque id."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.sessions.models import Session
from django.db import connection, models, transaction
from django.utils import timezone

from .. import files, record
from ..models import (
    Measure,
    Mention,
    Message,
    NoticeChoice,
    RecordEntry,
    SavedView,
    StartPage,
    Subscription,
    User,
    Webhook,
    reasons,
)
from .webhooks import delete_webhook

SHOWN = "Erased person"


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased; `written` are entries of the record in which colleagues wrote the name."""

    sessions: int
    elsewhere: int
    written: tuple[int, ...]


def naming(person: User) -> tuple[int, ...]:
    """The entries in whose words the person's name, user name or address stands.

    They stay: the record is never rewritten, and what colleagues wrote is theirs.
    """
    names = [re.escape(name) for name in _names(person)]
    pattern = re.compile(rf"(?<!\w)({'|'.join(names)})(?!\w)", re.IGNORECASE)
    entries = RecordEntry.objects.order_by("sequence").only("sequence", "before", "after", "why")
    return tuple(
        entry.sequence
        for entry in entries.iterator(chunk_size=2000)
        if any(map(pattern.search, _texts([entry.before, entry.after, entry.why])))
    )


def _names(person: User) -> set[str]:
    return {name for name in (person.username, person.display_name, person.email) if name}


def _texts(told: Any) -> Iterable[str]:
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict):
        yield from _texts(list(told.values()))
    elif isinstance(told, list):
        for each in told:
            yield from _texts(each)


def erase(person: User, *, by: User) -> Erasure:
    """Remove whatever tells who the person was and lets them in; the record goes on naming them
    by their opaque id, shown as "Erased person". Raises `ValueError` for a system account.
    """
    if person.is_system:
        raise ValueError("The tracker itself is no person.")
    with _nothing_freed_keeps_it():
        erasure = _erase(person, by)
    files.let_go(person.opaque_id)
    return erasure


@contextmanager
def _nothing_freed_keeps_it() -> Iterator[None]:
    """On SQLite overwrite what is freed: the name would lie on in the file."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete=ON")
        try:
            yield
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            cursor.execute("PRAGMA secure_delete=OFF")


@transaction.atomic
def _erase(person: User, by: User) -> Erasure:
    written = naming(person)
    before = User.objects.select_for_update().get(pk=person.pk).snapshot()
    for measure in Measure.objects.filter(analyst=person):
        measure.analyst = None
        record.save(measure, by=by, why=reasons.ANALYST_ERASED)
    _end_tokens(person, by)
    for webhook in Webhook.objects.of(person):
        delete_webhook(webhook, by=by)
    Mention.objects.filter(person=person).delete()
    erasure = Erasure(_end_sessions(person), _elsewhere(person), written)
    person.groups.clear()
    person.user_permissions.clear()
    person.username, person.display_name = f"erased-{person.opaque_id}", SHOWN
    person.email, person.last_login, person.language = "", None, "en"
    person.is_active = person.is_staff = person.is_superuser = False
    person.set_unusable_password()
    person.save()
    record.changed(person, before, by=by, why=reasons.ERASED)
    return erasure


def _end_tokens(person: User, by: User) -> None:
    for token in person.tokens.all():
        before = token.snapshot()
        token.revoked_at = token.revoked_at or timezone.now()
        token.name, token.last_used_on = "", None
        token.save()
        record.changed(token, before, by=by, why=reasons.PERSON_ERASED)


def _end_sessions(person: User) -> int:
    ended = [
        session.pk
        for session in Session.objects.iterator()
        if session.get_decoded().get("_auth_user_id") == str(person.pk)
    ]
    Session.objects.filter(pk__in=ended).delete()
    return len(ended)


def _elsewhere(person: User) -> int:
    """Views, what they follow and are told, and rows of other apps: addresses, logs and the like.

    The latter by what a table looks like, so that an app installed later is swept as well.
    """
    number = 0
    about = models.Q(content_type__model="user", object_id=str(person.pk))
    number += LogEntry.objects.filter(about).delete()[0]
    number += SavedView.objects.owned_by(person).delete()[0]
    number += StartPage.objects.filter(person=person).delete()[0]
    for noun in (Subscription, Message, NoticeChoice):
        number += noun._default_manager.filter(person=person).delete()[0]
    for model in apps.get_models():
        if model._meta.app_label == "measures" and issubclass(model, AbstractBaseUser):
            continue
        ours = model._meta.app_label == "measures"
        told = models.Q(pk__in=[])
        for field in model._meta.fields:
            if field.related_model is User and not ours:
                told |= models.Q(**{field.name: person})
            elif field.name in {"username", "email"}:
                for name in _names(person):
                    told |= models.Q(**{f"{field.name}__iexact": name})
        number += model._default_manager.filter(told).delete()[0]
    return number
