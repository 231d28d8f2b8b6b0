"""The views that people keep of lists. Their own affair: nothing of it is in the record."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ..models import SavedView, StartPage, User
from .refusals import allowed


class NameTaken(Exception):
    """In the same moment another view of theirs got the name; nothing was saved."""

    def __init__(self) -> None:
        super().__init__(_("You have a view of this name. Choose another one, or replace it."))


@contextmanager
def _name_once() -> Iterator[None]:
    """What the form could not see, the database refuses: two windows, one name."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise NameTaken from error


def save_view(*, by: User, name: str, **told: Any) -> SavedView:
    """Keep a view under its name, in place of the person's own one of that name if there is one.

    Raises `NameTaken`.
    """
    allowed(by, "view_draft")
    with _name_once():
        held = SavedView.objects.select_for_update(of=("self",)).owned_by(by).named(name)
        if held is None:
            return SavedView.objects.create(owner=by, name=name, **told)
        held.change(**told)
        return held


def change_view(view: SavedView, *, by: User, **told: Any) -> bool:
    """Rename or share a view of one's own; False where it was changed meanwhile.

    Raises `NameTaken`.
    """
    allowed(by, "view_draft")
    with _name_once():
        return view.change(**told)


def delete_view(view: SavedView, *, by: User) -> None:
    """Remove a view of one's own; whoever started with it starts at the front again."""
    allowed(by, "view_draft")
    view.delete()


def start_with(view: SavedView | None, *, by: User) -> None:
    """Begin with this view after signing in; None: with the front page."""
    allowed(by, "view_draft")
    if view is None:
        StartPage.objects.filter(person=by).delete()
    else:
        StartPage.objects.update_or_create(person=by, defaults={"view": view})
