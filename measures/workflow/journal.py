"""Notes that staff leave on a measure, and the colleagues whom they call."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import method, record
from ..models import JournalNote, Measure, Mention, User
from ..text import listed
from . import notices
from .refusals import Refused, allowed


@transaction.atomic
def note(measure: Measure, text: str, *, by: User, uid: UUID | None = None) -> JournalNote:
    """Leave a note on the measure; each `@name` of a colleague brings it to their desk.

    `uid` comes with the form: a form sent twice leaves one note.
    """
    allowed(by, "add_journalnote")
    if uid and (left := _left(uid, by)):
        return left
    if not text.strip():
        raise Refused([method.Objection("text", _("Write the note first."))])
    written = JournalNote(measure=measure, author=by, text=text, **({"uid": uid} if uid else {}))
    names = written.names_mentioned()
    # Whom no desk shows the note is not reached by it.
    named = User.objects.filter(username__in=names, is_active=True)
    called = [person for person in named if person.has_perm("measures.view_journalnote")]
    unknown = sorted(names - {person.username for person in called})
    if unknown:
        sentence = _("There is no colleague named %(names)s. Mend the name, or leave out the @.")
        raise Refused([method.Objection("text", sentence % {"names": listed(unknown)})])
    try:
        record.save(written, by=by)
    except IntegrityError:
        # The same form, sent a second time, was quicker.
        if uid and (left := _left(uid, by)):
            return left
        raise
    Mention.objects.bulk_create(Mention(note=written, person=person) for person in called)
    notices.mentioned(written, called)
    return written


def _left(uid: UUID, by: User) -> JournalNote | None:
    left = JournalNote.objects.filter(uid=uid).first()
    if left and left.author != by:
        raise PermissionDenied(_("This note is somebody else's."))
    return left


def put_aside(written: JournalNote, *, by: User) -> None:
    """Take a note that mentions the person off their desk."""
    Mention.objects.filter(note=written, person=by, seen_at=None).update(seen_at=timezone.now())
