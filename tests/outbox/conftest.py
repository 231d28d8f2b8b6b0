import email
import socket
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from typing import Any
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from django.utils import timezone

from measures import outbox, workflow
from measures.models import Finding, Message, Subscription, User
from tests.world import World


class Postman:
    """A mail server's side of each session: `answers` are what it says to mails, in turn.

    An answer is a line of SMTP; "hang up" closes the line instead; after the last every mail is
    taken. `mails` are those that were taken.
    """

    def __init__(self) -> None:
        self.answers: list[str] = []
        self.mails: list[EmailMessage] = []
        self.to: list[list[str]] = []
        self.tried = 0

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.answers and self.answers[0].startswith("550"):
            self.tried += 1
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.tried += 1
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer == "hang up":
            server.transport.abort()
        if answer.startswith("250"):
            self.mails.append(email.message_from_bytes(envelope.content, policy=default))  # type: ignore[arg-type]
            self.to.append(envelope.rcpt_tos)
        return answer

    async def handle_QUIT(self, server: Any, session: Any, envelope: Any) -> str:
        return "421 Not in the mood."


@pytest.fixture
def postman(settings: Any) -> Iterator[Postman]:
    """A real mail server on this machine, to which the tracker sends."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    postman = Postman()
    server = Controller(postman, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_TIMEOUT = 10
    settings.SITE_URL = "https://tracker.example.org"
    try:
        yield postman
    finally:
        server.stop()


@pytest.fixture
def follow(world: World) -> Callable[..., Subscription]:
    """Somebody follows something, at once unless said otherwise."""

    def followed(person: User, subject: str = "register", **told: Any) -> Subscription:
        told = {"source": world.speech, "rhythm": "at-once", "language": "en", **told}
        held = workflow.follow(by=person, uid=uuid4(), subject=subject, **told)
        assert held
        return held

    return followed


@pytest.fixture
def moved(world: World) -> Callable[[], Finding]:
    """The plan falls back to partial, today."""

    def find() -> Finding:
        return world.find(world.plan, "partial", timezone.localdate(), [world.outline_on_plan])

    return find


@pytest.fixture
def run() -> Callable[..., dict[str, int]]:
    """Decide and send, as the command does; `later` turns the clock on."""

    def ran(later: timedelta = timedelta()) -> dict[str, int]:
        now = timezone.now() + later
        outbox.decide(now)
        return dict(outbox.send(lambda: now))

    return ran


@pytest.fixture
def waiting() -> Callable[[], list[Message]]:
    """What waits to be sent."""
    return lambda: list(Message.objects.in_state("waiting").order_by("pk"))


def at(year: int, month: int, day: int, hour: int) -> datetime:
    """An hour in the zone of the site."""
    return timezone.make_aware(datetime(year, month, day, hour))  # noqa: DTZ001


def part(mail: Any, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())
