"""What every noun that people edit has in common: a version, and a state the record can keep."""

from datetime import UTC, date, datetime
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils.translation import gettext_lazy as _


def as_json(value: Any) -> Any:
    """A field's value as the record keeps it: text, number, boolean, list or None."""
    if isinstance(value, models.Model):
        return value.record_key  # type: ignore[attr-defined]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return value


def snapshot_of(obj: models.Model, leave_out: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Every stored value of `obj` by field name; related objects by their record key."""
    values = {
        field.name: as_json(_stored(obj, field))
        for field in obj._meta.concrete_fields
        if not field.primary_key and field.name not in leave_out
    }
    for field in obj._meta.many_to_many:
        if field.name not in leave_out:
            related = getattr(obj, field.name).all()
            values[field.name] = sorted(other.record_key for other in related)
    return values


def _stored(obj: models.Model, field: "models.Field[Any, Any]") -> Any:
    """The value as it comes back from the database: "3" in a number's field is 3."""
    value = getattr(obj, field.name)
    if not field.is_relation:
        return field.to_python(value)
    # Joined to the rows that it names, a key that leads to none reads like no key at all.
    if value is None and getattr(obj, field.attname) is not None:
        raise ObjectDoesNotExist(f"{field.name} {getattr(obj, field.attname)}")
    return value


class Tracked(models.Model):
    """A noun that people edit. Each change adds one to `version` and one entry to the record."""

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    not_recorded: ClassVar[frozenset[str]] = frozenset({"version"})
    # Of these the record keeps a hash, from which no words come back.
    recorded_by_hash: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        abstract = True

    @property
    def record_key(self) -> str:
        """The name by which the record and bundles know this object."""
        raise NotImplementedError

    def snapshot(self) -> dict[str, Any]:
        """What the record keeps of this object."""
        return snapshot_of(self, self.not_recorded)
