"""What is not for everybody is shown to nobody else: no field of it stands on any page or file.

Every field that can hold words is classified below; one that is not fails.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from measures import record
from measures.models import User
from tests.permissions.addresses import every
from tests.permissions.cast import Cast, canary

WORDS = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.UUIDField,
    models.BinaryField,
    models.GenericIPAddressField,
)
# The register itself: whoever may read at all may read it, every word.
PUBLIC = {
    "Source", "Body", "Theme", "Measure", "Citation", "Evidence", "Finding", "FrozenCitation",
    "RecordEntry", "Installation", "MethodText",
}  # fmt: skip
# Neither words of people nor secrets: names of the code, numbers of rows.
OF_THE_CODE = {"Permission", "Group", "ContentType", "Mention", "StartPage", "Turnover",
               "AccessAttemptExpiration", "JobRun"}  # fmt: skip
# Of a noun that is shown in part: its public fields. All others are not for everybody.
PARTLY: dict[str, set[str]] = {
    "User": {"display_name", "opaque_id", "language"},
    "Attachment": {"sha256", "kind", "how"},
    "LinkCheck": {"address", "outcome", "final_address", "content_hash", "note"},
    "Passage": {"role", "gist", "gist_zh", "why", "why_zh", "text"},
}
# Seen by nobody through the pages of the register, or by their owner alone.
PRIVATE = {
    "ApiReceipt", "ApiToken", "Delivery", "Draft", "Message", "NoticeChoice", "Reminder",
    "Subscription", "Webhook", "Invitation", "JournalNote", "SavedView", "SearchDoc",
    "EmailAddress", "EmailConfirmation", "Authenticator", "SocialApp", "SocialAccount",
    "SocialToken", "UserSession", "AccessFailureLog", "AccessAttempt", "AccessLog", "LogEntry",
    "Session",
}  # fmt: skip

FOUND = re.compile(rb"canary([a-z]+)yranac")
DATES = ("", "as_of=2022-01-01&known=2023-07-01")
# Files of the owner's choosing, words of the code, and a page that its secret address opens.
NOT_WALKED = {"attachment-download", "api-docs", "api:openapi-json", "admin:jsi18n",
              "invitation-accept"}  # fmt: skip
QUESTIONS = ("canarydraftrationaleyranac", "canaryjournalnotetextyranac", "canaryattachmentname")

# Whose canaries stand where: by the beginning of the word, who may come upon it.
OF_THE_REGISTER = ("passagetext", "linkcheck")
STAFF = (*OF_THE_REGISTER, "journalnote", "attachment")
# What an administrator keeps in order; a reviewer reads every draft, too.
ADMINISTERED = ("draft", "email", "invitation", "accessattempt", "logentry", "webhook")
MAY_MOST = {"rui", "ada"}
SEEN_BY = {
    "anonymous": OF_THE_REGISTER,
    "reader": (*OF_THE_REGISTER, "emailreader"),
    "noor": (*STAFF, "emailnoor"),
    "rui": (*STAFF, "draft", "emailrui"),
    "mei": (*STAFF, "emailmei"),
    "ada": (*STAFF, *ADMINISTERED),
    "reads": (*OF_THE_REGISTER, "draft"),
}


def test_every_field_that_can_hold_words_is_classified() -> None:
    nouns = {model.__name__: model for model in apps.get_models()}
    classes = (PUBLIC, OF_THE_CODE, set(PARTLY), PRIVATE)
    assert set(nouns) == set().union(*classes), "a noun that is in no class, or is gone"
    assert sum(map(len, classes)) == len(nouns), "a noun in two classes"
    for name, fields in PARTLY.items():
        held = {each.name for each in nouns[name]._meta.local_fields if isinstance(each, WORDS)}
        assert fields <= held
    kept = {
        (name, each.name)
        for name in PARTLY
        for each in nouns[name]._meta.local_fields
        if isinstance(each, WORDS) and each.name not in PARTLY[name]
    }
    assert kept == {("User", "password"), ("User", "username"), ("User", "email"),
                    ("Attachment", "name"), ("Attachment", "address")}  # fmt: skip


def words_in(response: Any) -> set[str]:
    """The canaries in an answer, in whatever is packed in it, and in its headers."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    packed = [body, str(response.headers).encode()]
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            packed += [archive.read(name) for name in archive.namelist()]
    return {match.decode() for part in packed for match in FOUND.findall(part)}


def pages(cast: Cast, who: str) -> Iterator[str]:
    """Every address that is read, the lists in every form, at some dates.

    Past dates are of what everybody reads: not asked again by those who may most.
    """
    for address in every(cast.sample):
        if address.path.startswith("/s/"):  # The same pages, of the default source.
            continue
        if address.name in NOT_WALKED:
            continue
        timeless = address.path.startswith(("/admin/", "/account")) or who in MAY_MOST
        for dates in DATES[:1] if timeless else DATES:
            yield f"{address.path}?{dates}"
        if address.path.endswith(".csv"):
            yield from (address.path[:-3] + kind for kind in ("xlsx", "json", "jsonl"))
    for question in QUESTIONS:
        yield f"/search/?q={question}"
    for code in ("1.2", "2.1"):
        yield from (f"/measures/{code}/", f"/measures/{code}/history/", f"/api/v1/measures/{code}")
    yield "/cite.txt?page=/measures/1.1/"


def leaks(cast: Cast, who: str, beginning: str = "/") -> dict[str, list[str]]:
    """Words that they come upon and should not, with some of the addresses."""
    seen: dict[str, set[str]] = {}
    browser = cast.browser(who)
    for path in pages(cast, who):
        if not path.startswith(beginning):
            continue
        asked = set(re.findall("canary([a-z]+)yranac", path))
        for word in words_in(browser.get(path)) - asked:
            seen.setdefault(word, set()).add(path)
    return {word: sorted(seen[word])[:5] for word in seen if not word.startswith(SEEN_BY[who])}


@pytest.mark.parametrize("who", sorted(SEEN_BY))
def test_nobody_comes_upon_what_is_not_for_them(who: str, cast: Cast) -> None:
    assert not leaks(cast, who, "/api/" if who == "reads" else "/")


@pytest.mark.parametrize(
    ("who", "where"),
    [("reader", "/account/"), ("rui", "/account/"), ("ada", "/admin/"), ("anonymous", "/changes")],
)
def test_a_leak_that_was_planted_is_found(who: str, where: str, cast: Cast) -> None:
    """The control: somebody else's secret, put where these may look."""
    planted = canary("authenticator", "planted")
    assert not leaks(cast, who, where)
    if who == "anonymous":
        cast.world.plan.title = planted
        record.save(cast.world.plan, by=cast.people["ana"])
    else:
        User.objects.filter(username=who).update(display_name=planted)
    assert list(leaks(cast, who, where)) == ["authenticatorplanted"]


def test_the_walk_would_find_a_canary(cast: Cast) -> None:
    """The control: whose it is comes upon it."""
    ana = cast.browser("ana")
    draft = words_in(ana.get(f"/desk/drafts/{cast.things['draft'].uid}/"))
    assert {"draftrationale", "draftsearchterms", "draftcorrectionreason"} <= draft
    assert "savedviewname" in words_in(ana.get("/desk/views/"))
    assert "apitokennamewrites" in words_in(ana.get("/account/tokens/"))
    assert "journalnotetext" in words_in(ana.get("/measures/1.1/"))
    assert "invitationemail" in words_in(cast.browser("ada").get("/account/invitations/"))
    assert canary("draft", "rationale")[6:-6] == "draftrationale"
