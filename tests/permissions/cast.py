"""Who asks, and what there is for them to come upon: something of everybody's, told apart."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from measures import files, record, workflow
from measures.models import (
    Attachment,
    Finding,
    FrozenCitation,
    LinkCheck,
    RecordEntry,
    User,
)
from tests.world import SEARCH, SPEECH_DAY, World, person

READER = "reader"
# In the order of the columns. Ana owns what there is; Noor does the same work beside her.
PEOPLE = ("ana", "noor", "rui", "mei", "ada")


def canary(*of: str) -> str:
    """A word that stands in one place only, and says which."""
    return "canary" + "".join(each.replace("_", "").lower() for each in of) + "yranac"


@dataclass
class Cast:
    """People with their browsers' cookies, the secrets of their programs, and what they made."""

    world: World
    people: dict[str, User] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)
    browsers: dict[str, Client] = field(default_factory=dict)

    def browser(self, who: str) -> Client:
        """Theirs as it was after they signed in; of a program, with its token."""
        if who not in self.browsers:
            self.browsers[who] = Client(raise_request_exception=False)
        client = self.browsers[who]
        client.cookies.clear()
        if who in self.secrets:
            client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {self.secrets[who]}"
        elif who in self.cookies:
            client.cookies["sessionid"] = self.cookies[who]
        return client

    def sample(self, name: str, parameter: str) -> Any:
        """What stands in the address of that name: something that is there, if there is any."""
        if parameter in ("object_id", "id"):
            return self._of_the_administration(name)
        if parameter == "uid":
            stems = ("draft-review", "draft", "view", "note", "invitation", "token")
            stems = ("subscription", "message", "webhook", *stems)
            stem = next(each for each in stems if each in name)
            return self.things[stem].uid
        if parameter == "slug":
            stems = {"theme": "design", "body": "patent-office", "source": "speech-2020"}
            return next(slug for stem, slug in stems.items() if stem in name.split(":")[-1])
        if parameter == "pk":
            held = self.things["factor"] if "mfa" in name else self.world.outline_on_plan
            return held.pk
        if parameter == "digest":  # Of a look, which nobody has given.
            return "0" * 16
        if parameter == "chosen":  # A language.
            return "zh"
        if parameter == "name":  # A chapter of the guide.
            return "reading"
        if parameter == "kind":
            return "svg" if "trend" in name else "csv"
        return self.things[parameter]

    def _of_the_administration(self, name: str) -> Any:
        noun = name.partition(":")[2].split("_")
        return self.things["admin"].get(noun[1] if len(noun) > 1 else "", 1)


def assemble(world: World, browser: Callable[[User], Client]) -> Cast:
    """Build it: every field that is not for everybody holds a `canary` of its own."""
    cast = Cast(world)
    _people(cast, browser)
    _work(cast)
    _accounts(cast)
    _addresses(cast)
    return cast


def _people(cast: Cast, browser: Callable[[User], Client]) -> None:
    world = cast.world
    reader = User.objects.create_user(READER, "reader@example.org", READER, display_name="Reader")
    cast.people = {
        READER: reader,
        "ana": world.ana,
        "noor": person("noor", "Noor", "Analysts"),
        "rui": world.rui,
        "mei": person("mei", "Mei", "Managers"),
        "ada": person("ada", "Ada", "Administrators", is_staff=True),
    }
    for name, each in cast.people.items():
        each.email = f"{canary('email', name)}@example.org"
        each.save()
        cast.cookies[name] = browser(each).cookies["sessionid"].value


def _work(cast: Cast) -> None:
    world, things = cast.world, cast.things
    told = {
        "status": "no-evidence",
        "effective_on": SPEECH_DAY,
        "confidence": "low",
        "rationale": canary("draft", "rationale"),
        "rationale_zh": canary("draft", "rationale_zh"),
        "confidence_reason": canary("draft", "confidence_reason"),
        "confidence_reason_zh": canary("draft", "confidence_reason_zh"),
    }
    searched = {
        **SEARCH,
        "search_where": canary("draft", "search_where"),
        "search_languages": canary("draft", "search_languages"),
        "search_terms": canary("draft", "search_terms"),
    }
    first = world.plan.findings.order_by("pk").first()
    things["draft"] = workflow.start(
        world.plan,
        by=world.ana,
        corrects=first,
        citations=[world.outline_on_plan],
        **told,
        **searched,
        correction_reason=canary("draft", "correction_reason"),
    )
    returned = world.draft(
        world.training,
        "sustained",
        rationale=canary("draft", "returned"),
        effective_on=date(2022, 7, 1),
    )
    workflow.send_back(returned, by=world.rui, note=canary("draft", "decision_note"))
    things["draft-review"] = world.draft(
        world.rulings, "partial", rationale=canary("draft", "submitted_as")
    )
    text = f"@noor {canary('journalnote', 'text')}"
    things["note"] = workflow.note(world.plan, by=world.rui, text=text, uid=uuid4())
    held = ContentFile(canary("attachment", "content").encode(), name="held.txt")
    things["held"] = Attachment(
        evidence=world.outline,
        sha256=files.store(held).sha256,
        name=f"{canary('attachment', 'name')}.txt",
        kind="text/plain",
        size=10,
        added_by=world.ana,
    )
    workflow.attach(things["held"], by=world.ana)
    world.pledges.text = canary("passage", "text")
    record.save(world.pledges, by=world.ana)
    LinkCheck.objects.create(
        evidence=world.outline,
        address=world.outline.url,
        outcome="moved",
        final_address=f"https://example.org/{canary('linkcheck', 'final_address')}",
        note=canary("linkcheck", "note"),
    )


def _accounts(cast: Cast) -> None:
    people, things = cast.people, cast.things
    for who, scope in (("reads", "read"), ("writes", "write")):
        name = canary("apitoken", "name", who)
        made = workflow.make_token(by=people["ana"], uid=uuid4(), name=name, days=9, scope=scope)
        assert made
        things["token"], cast.secrets[who] = made
    things["view"] = workflow.save_view(
        by=people["ana"],
        name=canary("savedview", "name"),
        place="changes",
        query=f"noun={canary('savedview', 'query')}",
    )
    email = f"{canary('invitation', 'email')}@example.org"
    things["invitation"] = workflow.invite(
        by=people["ada"], uid=uuid4(), email=email, roles=Group.objects.filter(name="Analysts")
    )
    things["subscription"] = workflow.follow(
        by=people["ana"], uid=uuid4(), subject="register", source=cast.world.speech
    )
    made = workflow.make_webhook(
        by=people["ada"],
        uid=uuid4(),
        name=canary("webhook", "name"),
        address=f"https://example.invalid/{canary('webhook', 'address')}",
    )
    assert made
    things["webhook"] = made[0]
    things["message"] = workflow.try_webhook(made[0], by=people["ada"], uid=uuid4())
    things["signed"] = workflow.way_out(people["ana"], "digest", things["subscription"])
    things["factor"] = Authenticator.objects.create(
        user=User.objects.create_user("lee", "lee@example.org"),
        type=Authenticator.Type.WEBAUTHN,
        data={"name": canary("authenticator", "data"), "credential": {}},
    )
    AccessAttempt.objects.create(
        username=canary("accessattempt", "username"),
        ip_address="192.0.2.7",
        user_agent=canary("accessattempt", "user_agent"),
        attempt_time=timezone.now() - timedelta(hours=1),
        failures_since_start=1,
    )
    LogEntry.objects.create(
        user=people["ada"],
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(people["ana"].pk),
        object_repr=canary("logentry", "object_repr"),
        action_flag=CHANGE,
        change_message=canary("logentry", "change_message"),
    )


def _addresses(cast: Cast) -> None:
    world, things = cast.world, cast.things
    things |= {
        "code": "1.1",
        "source": "speech-2020",
        "key": "outline",
        "sha256": things["held"].sha256,
        "form": "txt",
        "link": workflow.link_of(things["invitation"]),
        "signed": things["signed"],
        "provider_id": "oidc",
        "uidb36": "1",
        "content_type_id": ContentType.objects.get_for_model(User).pk,
    }
    things["admin"] = {
        "finding": Finding.objects.earliest("pk").pk,
        "frozencitation": FrozenCitation.objects.earliest("pk").pk,
        "draft": things["draft"].pk,
        "evidence": world.outline.pk,
        "citation": world.outline_on_plan.pk,
        "attachment": things["held"].pk,
        "recordentry": RecordEntry.objects.earliest("pk").pk,
        "journalnote": things["note"].pk,
        "mention": things["note"].mentions.get().pk,
        "message": things["message"].pk,
        "user": cast.people["noor"].pk,
        "group": Group.objects.get(name="Analysts").pk,
        "accessattempt": AccessAttempt.objects.get().pk,
        "source": world.speech.pk,
        "passage": world.pledges.pk,
        "theme": world.design.pk,
        "body": world.patent_office.pk,
        "measure": world.plan.pk,
    }
