"""Writing the record. Whatever people edit is saved here, together with its entry.

The index of search and the turnover are kept here too: nothing changes that does not pass.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import search, turnover
from ..models import RecordEntry, User
from ..models.tracked import Tracked
from .chain import GENESIS, digest, head

# One number for the whole application: writers of the record queue here, one behind another.
CHAIN_LOCK = 20201130
# Of the work that records at one time; empty until its first entry.
_MOMENT: ContextVar[list[datetime] | None] = ContextVar("moment", default=None)


class Conflict(Exception):
    """Somebody else saved a newer version. `theirs` is the row as it is now, None if it is gone."""

    def __init__(self, mine: Tracked, theirs: Tracked | None) -> None:
        self.mine, self.theirs = mine, theirs
        super().__init__(
            _("%(key)s was changed by somebody else since you opened it. Nothing was saved.")
            % {"key": mine.record_key}
        )


def system_account(username: str = "system", display_name: str = "IPR Tracker") -> User:
    """The named account, without login, that stands for the tracker itself in the record."""
    account, made = User.objects.get_or_create(
        username=username,
        defaults={"display_name": display_name, "is_active": False, "is_system": True},
    )
    if made:
        account.set_unusable_password()
        account.save(update_fields=["password"])
    return account


def actor(username: str = "") -> User:
    """The account of that name, or the tracker's own; raises `User.DoesNotExist`."""
    return User.objects.get(username=username) if username else system_account()


def append(entries: Sequence[RecordEntry], by: User, why: str = "") -> None:
    """Chain the entries to the record, in their order and in the caller's transaction."""
    if not connection.in_atomic_block:
        raise RuntimeError("the record is written in the transaction of the change it tells of")
    _queue()
    last = head()
    sequence, previous = (last.sequence, last.hash) if last else (0, GENESIS)
    now = _now(last)
    for entry in entries:
        sequence += 1
        entry.sequence, entry.previous = sequence, previous
        entry.at, entry.actor, entry.why = now, by.opaque_id, why
        entry.hash = previous = digest(entry)
    RecordEntry.objects.bulk_create(entries, batch_size=500)


def _queue() -> None:
    """Wait until no other transaction is writing the record; SQLite has one writer anyway.

    Always before a row is taken: in the other order two writers could wait for each other.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])


@contextmanager
def one_moment() -> Iterator[None]:
    """Whatever is recorded inside is recorded at one time: that of its first entry.

    In one transaction, which has the queue to itself from that entry on: nobody's time comes
    between. Inside another such block it is the moment of that one.
    """
    if _MOMENT.get() is not None:
        yield
        return
    token = _MOMENT.set([])
    try:
        yield
    finally:
        _MOMENT.reset(token)


def moment() -> datetime:
    """The time at which what is about to be recorded is known; inside `one_moment`, its own."""
    if _MOMENT.get() is None:
        return timezone.now()
    _queue()
    return _now(head())


def _now(last: RecordEntry | None) -> datetime:
    """The time of an entry after the last one."""
    held = _MOMENT.get()
    if held is None:
        return _not_before(last)
    if not held:
        held.append(_not_before(last))
    return held[0]


def _not_before(last: RecordEntry | None) -> datetime:
    """Now, or the time of the last entry where a clock was set back: the record only goes on."""
    now = timezone.now()
    return max(now, last.at) if last else now


def _entry(
    action: str, obj: Any, before: Mapping[str, Any], after: Mapping[str, Any]
) -> RecordEntry:
    return RecordEntry(
        action=action,
        noun=str(obj._meta.model_name),
        object_id=obj.pk,
        key=obj.record_key,
        before=dict(before),
        after=dict(after),
    )


def added(
    objects: Iterable[Any],
    *,
    by: User,
    why: str = "",
    action: str = RecordEntry.Action.ADDED,
    snapshots: Iterable[Mapping[str, Any]] | None = None,
) -> None:
    """Record rows just inserted, in their order; `snapshots` spares reading them back."""
    rows = list(objects)
    told = [obj.snapshot() for obj in rows] if snapshots is None else snapshots
    append([_entry(action, obj, {}, after) for obj, after in zip(rows, told, strict=True)], by, why)
    search.index(rows)
    turnover.added(rows)


def changed(obj: Any, before: Mapping[str, Any], *, by: User, why: str = "") -> bool:
    """Record what differs between `before` (an earlier snapshot) and now; False if nothing does."""
    after = obj.snapshot()
    names = [name for name in after if before.get(name) != after[name]]
    if not names:
        return False
    was = {name: before.get(name) for name in names}
    now = {name: after[name] for name in names}
    append([_entry(RecordEntry.Action.CHANGED, obj, was, now)], by, why)
    search.index([obj], names)
    turnover.changed(obj, was)
    return True


def noted(obj: Any, done: Mapping[str, Any], *, by: User, why: str = "") -> None:
    """Record what was done to an account of which no value may be kept, such as a new password."""
    append([_entry(RecordEntry.Action.CHANGED, obj, {}, done)], by, why)


def removed(
    obj: Any, object_id: int, before: Mapping[str, Any], *, by: User, why: str = ""
) -> None:
    """Record that a row was deleted; `before` is its last snapshot."""
    obj.pk = object_id
    append([_entry(RecordEntry.Action.REMOVED, obj, before, {})], by, why)
    search.drop(str(obj._meta.model_name), object_id)
    turnover.removed(obj, before)


@transaction.atomic
def save(obj: Tracked, *, by: User, why: str = "", **many: Iterable[models.Model]) -> bool:
    """Insert or update `obj` and its many-to-many fields, together with the entry.

    An update is refused with `Conflict` when the row is no longer at `obj.version`. Returns
    whether anything was written: saving what is already there leaves no entry.
    """
    if obj.pk is None:
        _queue()
        obj.save()
        _set_many(obj, many)
        added([obj], by=by, why=why)
        return True
    with claimed(obj) as stored:
        before = stored.snapshot()
        obj.save()
        _set_many(obj, many)
        if changed(obj, before, by=by, why=why):
            return True
        unclaim(obj)
        return False


@transaction.atomic
def add_all(
    objects: Sequence[Tracked],
    *,
    by: User,
    many: Sequence[Mapping[str, Iterable[models.Model]]],
    why: str = "",
) -> None:
    """Insert many rows of one kind with their many-to-many fields and entries, in few queries."""
    _queue()
    model = type(objects[0])
    model._default_manager.bulk_create(objects, batch_size=500)
    for field in model._meta.many_to_many:
        through = getattr(model, field.name).through
        own, other = field.m2m_field_name(), field.m2m_reverse_field_name()
        through._default_manager.bulk_create(
            (
                through(**{own: obj, other: related})
                for obj, lists in zip(objects, many, strict=True)
                for related in lists.get(field.name, ())
            ),
            batch_size=500,
        )
    names = [field.name for field in model._meta.many_to_many]
    models.prefetch_related_objects(objects, *names)
    added(objects, by=by, why=why)


@transaction.atomic
def add_up() -> int:
    """Make all of the turnover anew while nobody writes; returns the number of its rows."""
    _queue()
    return turnover.rebuild()


def claim(obj: Tracked) -> Tracked:
    """Take the row for an update if it is still at `obj.version`, else raise `Conflict`.

    Compare-and-swap on the version in the UPDATE itself, so that of two writers one wins.
    Returns the row as stored; `obj.version` moves on by one.
    """
    _queue()
    rows = type(obj)._default_manager.filter(pk=obj.pk)
    won = rows.filter(version=obj.version).update(version=obj.version + 1)
    stored = rows.first()
    if not won or stored is None:
        raise Conflict(obj, stored)
    obj.version += 1
    return stored


@contextmanager
def claimed(obj: Tracked) -> Iterator[Tracked]:
    """A claim for the length of a block; `obj.version` moves back where the block fails."""
    stored = claim(obj)
    try:
        yield stored
    except BaseException:
        obj.version -= 1
        raise


def unclaim(obj: Tracked) -> None:
    """Give a claimed row its version back: nothing was changed after all."""
    obj.version -= 1
    type(obj)._default_manager.filter(pk=obj.pk).update(version=obj.version)


def _set_many(obj: Tracked, many: Mapping[str, Iterable[models.Model]]) -> None:
    for name, related in many.items():
        getattr(obj, name).set(related)


@transaction.atomic
def delete(obj: Tracked, *, by: User, why: str = "") -> None:
    """Delete `obj` together with the entry.

    Rows that name it in a many-to-many field lose it, and that is an entry of theirs: a draft the
    citation, a measure the body. Raises `ProtectedError` where others rest on it, `Conflict` where
    somebody changed it since.
    """
    object_id = obj.pk
    with claimed(obj) as stored:
        before = stored.snapshot()
        naming = [(row, claim(row).snapshot()) for row in _naming(obj)]
        obj.delete()
    removed(obj, object_id, before, by=by, why=why)
    for row, was in naming:
        changed(row, was, by=by, why=why)


def _naming(obj: Tracked) -> Iterator[Tracked]:
    for relation in obj._meta.related_objects:
        if relation.many_to_many and issubclass(relation.related_model, Tracked):
            yield from getattr(obj, str(relation.get_accessor_name())).all()
