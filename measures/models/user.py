import itertools
import re
import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, Permission
from django.db import models
from django.utils.translation import gettext_lazy as _

from .. import method
from .fields import LineField


class User(AbstractUser):
    """A person with an account, or one of the named system accounts, which cannot sign in.

    The record names a person by `opaque_id` alone; name and address stand here and nowhere else,
    so that a person can be erased without breaking the record.
    """

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    opaque_id = models.UUIDField(_("opaque id"), default=uuid.uuid4, unique=True, editable=False)
    display_name = LineField(_("display name"), max_length=80, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=method.choices(method.LANGUAGES), default="en"
    )
    is_system = models.BooleanField(
        _("system account"),
        default=False,
        editable=False,
        help_text=_("Names the tracker itself in the record; cannot sign in."),
    )

    REQUIRED_FIELDS: ClassVar[list[str]] = ["email"]
    RECORDED: ClassVar[tuple[str, ...]] = ("language", "is_active", "is_staff", "is_superuser")

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.get_full_name()

    @property
    def record_key(self) -> str:
        """The opaque id: never the name."""
        return str(self.opaque_id)

    def get_full_name(self) -> str:
        """The display name, or the user name where none is given."""
        return self.display_name or self.username

    def get_short_name(self) -> str:
        """The same as the full name: the tracker does not take names apart."""
        return self.get_full_name()

    def rights(self) -> set[str]:
        """What the account may do, such as `measures.add_draft`: its own and that of its groups.

        A superuser may do all there is. One query.
        """
        held = Permission.objects.order_by()
        if not self.is_superuser:
            own, shared = models.Q(user=self), models.Q(group__user=self)
            held = held.filter(own | shared).distinct()
        named = held.values_list("content_type__app_label", "codename")
        return {f"{app}.{codename}" for app, codename in named}

    def snapshot(self) -> dict[str, Any]:
        """What the record keeps of an account: its rights, nothing personal."""
        values: dict[str, Any] = {name: getattr(self, name) for name in self.RECORDED}
        values["groups"] = sorted(self.groups.values_list("name", flat=True))
        return values

    @classmethod
    def with_address(cls, email: str) -> models.QuerySet["User"]:
        """Those with the e-mail address, in whatever case; nobody has an empty one."""
        people = cls._default_manager.filter(email__iexact=email, is_system=False)
        return people.exclude(email="").order_by("pk")

    @classmethod
    def free_name(cls, wanted: str) -> str:
        """The user name, or the first of its kind that nobody has: `ana`, `ana2`, `ana3`."""
        name = re.sub(r"[^\w.+-]", "", wanted)[:100] or "account"
        alike = cls._default_manager.filter(username__istartswith=name)
        taken = {each.lower() for each in alike.values_list("username", flat=True)}
        candidates = itertools.chain([name], (f"{name}{number}" for number in itertools.count(2)))
        return next(each for each in candidates if each.lower() not in taken)
