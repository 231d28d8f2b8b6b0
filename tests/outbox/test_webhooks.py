"""Webhooks: signed, tried again, logged, and never led inside."""

import hmac
import json
import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from measures import outbox, record, workflow
from measures.links import Fetcher, Guard, fetch
from measures.models import Delivery, Message, RecordEntry, Subscription, User, Webhook
from measures.outbox import hooks
from tests.links.conftest import PUBLIC, Internet
from tests.links.site import Site, led, said
from tests.pages.reader import Node, parse
from tests.world import World

HOST = "board.example.org"
ADDRESS = f"https://{HOST}/in"
Run = Callable[..., dict[str, int]]
Signed = Callable[[User], Client]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of the machine that is told, with its key, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "machine.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


class Machine(Site):
    """It keeps what it is told: heads and bodies; and answers as it is told to."""

    def __init__(self, certificate: Path) -> None:
        super().__init__()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.listening = context.wrap_socket(self.listening, server_side=True)
        self.bodies: list[bytes] = []
        self.answers: list[bytes] = []
        self.pages["/in"] = self.talk

    def talk(self, line: socket.socket) -> None:
        length, body = int(self.head()["content-length"]), b""
        while len(body) < length:
            body += line.recv(length - len(body))
        self.bodies.append(body)
        line.sendall(self.answers.pop(0) if self.answers else said(b"", "204 No Content"))

    def head(self) -> dict[str, str]:
        """The last request's, names in small letters."""
        lines = self.heads[-1].split("\r\n")[1:]
        pairs = (line.partition(": ") for line in lines if line)
        return {name.lower(): value for name, _, value in pairs}


@pytest.fixture
def machine(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    """A machine of the public, as the tracker sees the network in these tests."""
    with Machine(certificate) as machine:
        net = Internet(machine)
        monkeypatch.setattr(fetch.socket, "create_connection", net.create_connection)
        trusting = ssl.create_default_context(cafile=str(certificate))
        monkeypatch.setattr(fetch.ssl, "create_default_context", lambda: trusting)
        guard = Guard(resolve=lambda host, port: [PUBLIC])
        monkeypatch.setattr(hooks, "fetcher", lambda: Fetcher("Tests/1", guard, hooks.LIMITS))
        yield machine


@pytest.fixture
def hook(world: World, ada: User) -> tuple[Webhook, str]:
    """Ada's, with its secret."""
    made = workflow.make_webhook(by=ada, uid=uuid4(), name="The board", address=ADDRESS)
    assert made
    return made


def test_a_change_is_told_in_the_shapes_of_the_api_and_signed(
    world: World, ada: User, follow: Any, moved: Any, run: Run, machine: Machine,
    hook: tuple[Webhook, str], visitor: Client,
) -> None:  # fmt: skip
    webhook, secret = hook
    follow(ada, "theme", theme=world.design, webhook=webhook)
    moved()
    assert run() == {"sent": 1}
    assert run() == {}
    (body,), head = machine.bodies, machine.head()
    told = json.loads(body)
    assert told["subscription"]["name"] == "design"
    assert told["comparison"]["moves"][0]["after"] == "partial"
    api = visitor.get("/api/v1/changes?noun=finding&limit=1").json()["items"][0]
    assert api in told["entries"]
    assert told["to"]["hash"] == record.head().hash  # type: ignore[union-attr]
    assert head["ipr-delivery"] == told["id"] == str(Message.objects.get().uid)
    # The check as the page tells it.
    signed = hmac.new(
        secret.encode(), head["ipr-timestamp"].encode() + b"." + body, "sha256"
    ).hexdigest()
    assert hmac.compare_digest(signed, head["ipr-signature"])
    forged = hmac.new(b"another", head["ipr-timestamp"].encode() + b"." + body, "sha256")
    assert not hmac.compare_digest(forged.hexdigest(), head["ipr-signature"])
    assert secret not in body.decode() + machine.heads[-1]


@pytest.mark.parametrize(
    "answer", [said(b"", "500 Internal Server Error"), led("https://127.0.0.1/"), b"nonsense\r\n"]
)
def test_what_the_machine_does_not_take_is_told_again_under_the_same_id(
    answer: bytes, world: World, ada: User, follow: Any, moved: Any, run: Run, machine: Machine,
    hook: tuple[Webhook, str],
) -> None:  # fmt: skip
    follow(ada, webhook=hook[0])
    moved()
    machine.answers = [answer]
    assert run() == {"put off": 1}
    assert run() == {}
    assert run(timedelta(hours=1)) == {"sent": 1}
    first, second = machine.bodies
    assert json.loads(first) == json.loads(second)
    assert machine.asked == ["/in", "/in"], "no redirect is followed"
    assert Delivery.objects.count() == 2
    assert [each.is_accepted for each in Delivery.objects.order_by("pk")] == [False, True]


@pytest.mark.parametrize(
    "address",
    ["https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/", "https://10.0.0.1/in"],
)
def test_nothing_is_sent_inside_whatever_stands_in_the_database(
    address: str, world: World, ada: User, hook: tuple[Webhook, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    reached: list[Any] = []
    monkeypatch.setattr(fetch.socket, "create_connection", lambda *a, **k: reached.append(a))
    webhook, _secret = hook
    Webhook.objects.filter(pk=webhook.pk).update(address=address)
    message = workflow.try_webhook(webhook, by=ada, uid=uuid4())
    assert message
    assert outbox.send_one(message) == "put off"
    assert reached == []
    assert "not public" in Delivery.objects.get().trouble


def test_a_name_that_leads_inside_is_refused_when_it_is_told(
    world: World, ada: User, hook: tuple[Webhook, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    reached: list[Any] = []
    monkeypatch.setattr(fetch.socket, "create_connection", lambda *a, **k: reached.append(a))
    guard = Guard(resolve=lambda host, port: ["10.1.2.3"])
    monkeypatch.setattr(hooks, "fetcher", lambda: Fetcher("Tests/1", guard))
    message = workflow.try_webhook(hook[0], by=ada, uid=uuid4())
    assert message
    assert outbox.send_one(message) == "put off"
    assert reached == []


def test_the_database_takes_https_alone(world: World, hook: tuple[Webhook, str]) -> None:
    with pytest.raises(IntegrityError):
        Webhook.objects.filter(pk=hook[0].pk).update(address="http://board.example.org/in")


def test_who_is_no_administrator_any_more_tells_no_machine(
    world: World, ada: User, follow: Any, moved: Any, run: Run, machine: Machine,
    hook: tuple[Webhook, str],
) -> None:  # fmt: skip
    follow(ada, webhook=hook[0])
    moved()
    outbox.decide(timezone.now())
    ada.groups.clear()
    assert run() == {"dropped": 1}
    assert machine.asked == []


def test_the_secret_lies_sealed_and_a_lost_key_is_told(
    world: World, ada: User, hook: tuple[Webhook, str], machine: Machine, settings: Any
) -> None:
    webhook, secret = hook
    assert secret not in str(Webhook.objects.values().get())
    assert secret not in str(list(RecordEntry.objects.values()))
    settings.SECRET_KEY = "another key of fifty characters or more, as it has to be"
    message = workflow.try_webhook(webhook, by=ada, uid=uuid4())
    assert message
    assert outbox.send_one(message) == "put off"
    assert "make the webhook anew" in Delivery.objects.get().trouble
    assert machine.asked == []


def test_an_administrator_makes_tries_and_deletes_one_on_its_pages(
    world: World, ada: User, signed_in: Signed, machine: Machine
) -> None:
    browser = signed_in(ada)
    form = {"uid": str(uuid4()), "name": "The board", "address": ADDRESS}
    shown = Node.of(browser.post("/account/webhooks/", form))
    secret = shown.section("secret").one("code").text
    webhook = Webhook.objects.get()
    assert webhook.secret == secret
    assert secret not in browser.get("/account/webhooks/").content.decode()
    # The same form again makes no second one, and shows no secret.
    again = browser.post("/account/webhooks/", form, follow=True)
    assert secret not in again.content.decode()
    assert Webhook.objects.count() == 1
    page = f"/account/webhooks/{webhook.uid}/"
    machine.answers = [said(b"", "503 Service Unavailable")]
    for answer in ("did not take it", "took it"):
        assert answer in browser.post(f"{page}test/", follow=True).content.decode()
    log = Node.of(browser.get(page)).section("log").text
    assert "503" in log
    assert "204" in log
    refused = Message.objects.get(state="waiting")
    answer = browser.post(f"/account/webhooks/messages/{refused.uid}/again/", follow=True)
    assert "took it" in answer.content.decode()
    browser.post(f"{page}delete/")
    assert not Webhook.objects.exists()
    told = [e.action for e in RecordEntry.objects.of_nouns("webhook").order_by("sequence")]
    assert told == ["added", "removed"]
    assert record.verify().broken is None


@pytest.mark.parametrize(
    "address", ["http://board.example.org/in", "https://127.0.0.1/", "https://x:22/", "board"]
)
def test_an_address_that_is_never_asked_is_refused_in_words(
    address: str, world: World, ada: User, signed_in: Signed
) -> None:
    form = {"uid": str(uuid4()), "name": "The board", "address": address}
    answer = signed_in(ada).post("/account/webhooks/", form)
    assert answer.status_code == 422
    assert parse(answer.content.decode()).one("p", cls="errorlist").text
    assert not Webhook.objects.exists()


def test_nobody_comes_by_the_webhook_of_another_administrator(
    world: World, ada: User, signed_in: Signed, hook: tuple[Webhook, str]
) -> None:
    eve = User.objects.create_user("eve", "eve@example.org", "eve", is_staff=True)
    eve.groups.set(ada.groups.all())
    browser, page = signed_in(eve), f"/account/webhooks/{hook[0].uid}/"
    for path in (page, f"{page}test/", f"{page}delete/"):
        assert browser.post(path).status_code == 404
    assert Subscription.objects.of(eve).count() == 0
