"""The API answers in the language of the reader: there is no address for each."""

import json
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from tests.api.program import AT, Program, done
from tests.world import World

pytestmark = pytest.mark.usefixtures("world")
CHINESE = {"Accept-Language": "zh-hans"}
LAW = {"title": "Patent Law, as amended", "kind": "law", "tier": 1}
DRAFT = "measures/2.1/drafts"
ASKED = [
    ("nowhere", 404),
    ("measures/9.9", 404),
    ("measures/1.1/citations/none", 404),
    ("measures?source=none", 404),
    ("measures?theme=%00", 400),
    ("measures?theme=" + "x" * 3000, 414),
    ("drafts", 401),
    ("measures?asof=2021-01-01", 422),
    ("measures?as_of=", 422),
    ("measures?as_of=2021-01-01&as_of=2022-01-01", 422),
    ("measures?as_of=soon", 422),
    ("measures?as_of=2031-01-01", 422),
    ("measures?as_of=1999-01-01", 422),
    ("measures?known=2031-01-01", 422),
    ("measures?status=finished", 422),
    ("measures?theme=nothing", 422),
    ("measures?theme=No%20slug", 422),
    ("measures?theme=" + "x" * 81, 422),
    ("measures?limit=0", 422),
    ("measures?limit=501", 422),
    ("measures?limit=many", 422),
    ("measures?limit=1.5", 422),
    ("measures?limit=" + "9" * 400, 422),
    ("measures?cursor=%C3%A9", 422),
    ("measures?cursor=abc", 422),
    ("evidence?tier=6", 422),
    ("compare?from=2022-01-01&to=2021-01-01", 422),
    ("compare?hindsight=perhaps", 422),
]
# Each is refused with 422.
SENT: list[tuple[str, Any]] = [
    ("evidence", {}),
    ("evidence", []),
    ("evidence", "law"),
    ("evidence", None),
    ("evidence", LAW | {"titel": "x"}),
    ("evidence", LAW | {"title": 1}),
    ("evidence", LAW | {"title": ""}),
    ("evidence", LAW | {"title": "x" * 301}),
    ("evidence", LAW | {"title": "a\x01b"}),
    ("evidence", LAW | {"kind": "poem"}),
    ("evidence", LAW | {"tier": 0}),
    ("evidence", LAW | {"tier": 6}),
    ("evidence", LAW | {"tier": "1"}),
    ("evidence", LAW | {"tier": 1.5}),
    ("evidence", LAW | {"tier": True}),
    ("evidence", LAW | {"title_zh_ours": 1}),
    ("evidence", LAW | {"bodies": "patent-office"}),
    ("evidence", LAW | {"bodies": ["nobody"]}),
    ("evidence", LAW | {"key": "No Key"}),
    ("evidence", LAW | {"key": "outline"}),
    ("evidence", LAW | {"url": "nowhere"}),
    ("evidence", LAW | {"issued_on": "soon"}),
    ("evidence", LAW | {"issued_on": "2021-02-30"}),
    ("evidence", LAW | {"issued_on": 2021}),
    ("measures/1.1/citations", {"evidence": "none", "stage": "in-force"}),
    ("measures/1.1/citations", {"evidence": "outline", "stage": "in-force"}),
    (DRAFT, {"corrects": 9}),
    (DRAFT, {"corrects": 10**18}),
]


@pytest.fixture
def program(world: World) -> Program:
    """Ana's program."""
    return Program(world.ana)


@pytest.fixture
def translated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is translated while the request is answered is in brackets."""
    catalogue = translation._trans  # type: ignore[attr-defined]
    monkeypatch.setattr(catalogue, "gettext", lambda sentence: f"«{sentence}»")
    monkeypatch.setattr(
        catalogue, "ngettext", lambda one, many, number: f"«{one if number == 1 else many}»"
    )


@pytest.mark.usefixtures("translated")
def test_what_is_asked_wrongly_is_refused_in_a_translated_sentence(visitor: Client) -> None:
    for path, status in ASKED:
        assert message(visitor.get(f"{AT}/{path}"), status).startswith("«"), path


@pytest.mark.usefixtures("translated")
def test_what_is_sent_wrongly_is_refused_in_a_translated_sentence_of_its_own(
    program: Program,
) -> None:
    for path, sent in SENT:
        refused = program.post(path, sent)
        told = message(refused, 422)
        assert "«" in told, (sent, told)
        assert "cannot be meant" not in told, sent
        for reason in refused.json()["error"].get("problems", ()):
            assert "«" in reason["message"], (sent, reason)


@pytest.mark.usefixtures("translated")
def test_every_other_refusal_is_a_translated_sentence(program: Program, world: World) -> None:
    path = "evidence/outline"
    found = [
        (Client().post(f"{AT}/evidence", LAW, content_type="application/json"), 401),
        (Client().get(f"{AT}/evidence", headers={"Authorization": "Bearer none"}), 401),
        (Program(world.ana, scope="read").post("evidence", LAW), 403),
        (program.ask("DELETE", path), 405),
        (program.ask("PATCH", path, {"tier": 2}), 428),
        (program.ask("PATCH", path, {"tier": 2}, if_match='"99-x"'), 412),
        (program.ask("POST", "evidence", LAW, kind="text/plain"), 415),
        (program.post("evidence", LAW, idempotency_key="a b"), 422),
        (program.post("evidence?x=1", LAW), 422),
    ]
    assert all("«" in message(*each) for each in found)


def message(told: Any, status: int) -> str:
    assert told.status_code == status, (told.status_code, told.content)
    said: str = told.json()["error"]["message"]
    return said


@pytest.mark.parametrize(
    ("path", "status"), [("progress", 200), ("progress?as_of=soon", 422), ("nowhere", 404)]
)
def test_an_answer_says_its_language_and_that_it_depends_on_the_reader(
    path: str, status: int, visitor: Client
) -> None:
    told = visitor.get(f"{AT}/{path}")
    assert (told.status_code, told["Content-Language"]) == (status, "en")
    assert "Accept-Language" in told["Vary"]
    with translation.override("zh-hans"):
        told = visitor.get(f"{AT}/{path}", headers=CHINESE)
    assert (told.status_code, told["Content-Language"]) == (status, "zh-hans")
    assert "Accept-Language" in told["Vary"]


def test_what_is_held_in_one_language_is_not_taken_for_the_other(visitor: Client) -> None:
    tag = visitor.get(f"{AT}/progress")["ETag"]
    with translation.override("zh-hans"):
        other = visitor.get(f"{AT}/progress", headers=CHINESE | {"If-None-Match": tag})
        again = visitor.get(f"{AT}/progress", headers=CHINESE | {"If-None-Match": other["ETag"]})
    assert (other.status_code, again.status_code) == (200, HTTPStatus.NOT_MODIFIED)


def test_a_change_may_be_made_in_another_language_than_what_was_read(program: Program) -> None:
    tag = program.get("evidence/outline")["ETag"]
    with translation.override("zh-hans"):
        headers = {"if_match": tag, "accept_language": "zh-hans"}
        done(program.ask("PATCH", "evidence/outline", {"tier": 2}, **headers))


def test_the_description_is_the_same_in_every_language(visitor: Client) -> None:
    told = visitor.get(f"{AT}/openapi.json")
    with translation.override("zh-hans"):
        other = visitor.get(f"{AT}/openapi.json", headers=CHINESE)
    assert json.loads(told.content) == json.loads(other.content)
    assert told["Content-Language"] == other["Content-Language"] == "en"
