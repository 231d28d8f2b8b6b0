"""What concerns one colleague alone: put down to be told in the transaction that it happens in."""

from collections.abc import Iterable

from ..models import Draft, JournalNote, Message, NoticeChoice, User


def mentioned(note: JournalNote, people: Iterable[User]) -> None:
    """Those whom a note calls; not who wrote it."""
    _put_down(
        Message(kind="mention", key=f"mention:{note.uid}:{person.pk}", person=person, note=note)
        for person in people
        if person != note.author
    )


def returned(draft: Draft) -> None:
    """The author, each time that the draft comes back."""
    key = f"returned:{draft.uid}:{draft.version}"
    _put_down([Message(kind="returned", key=key, person=draft.author, draft=draft)])


def handed_in(draft: Draft) -> None:
    """Those who asked to be told, each time; not the author, who knows."""
    asked = User.objects.filter(
        notice_choices__in=NoticeChoice.objects.wanting("submitted"), is_active=True
    )
    _put_down(
        Message(
            kind="submitted",
            key=f"submitted:{draft.uid}:{draft.version}:{person.pk}",
            person=person,
            draft=draft,
        )
        for person in asked
        if person != draft.author and person.has_perm("measures.approve_draft")
    )


def _put_down(messages: Iterable[Message]) -> None:
    Message.objects.bulk_create(messages, ignore_conflicts=True)
