"""The text of a source is loaded by who holds the article, and only if the quotations agree."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from measures import record
from measures.models import Measure, Passage, RecordEntry
from tests.world import World

pytestmark = pytest.mark.django_db

FRAMING = "Protecting intellectual property is protecting innovation."
PLEDGES = "This year we will issue a plan, we will train examiners, and courts will be swift."
ARTICLE = f"A headline\n\nBy our own correspondent\n\n{FRAMING}\n\n{PLEDGES}\n\nEditor: nobody\n"

Load = Callable[..., str]


@pytest.fixture
def load(tmp_path: Path, world: World, capsys: pytest.CaptureFixture[str]) -> Load:
    """`load_source_text` on an article of that text; what it printed."""

    def loaded(text: str | bytes, source: str = "speech-2020", **options: str) -> str:
        path = tmp_path / "article.txt"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        call_command("load_source_text", source, str(path), **options)
        return capsys.readouterr().out

    return loaded


def texts() -> list[str]:
    return list(Passage.objects.order_by("number").values_list("text", flat=True))


def refused(load: Load, text: str | bytes, match: str, **options: str) -> None:
    head = record.head()
    with pytest.raises(CommandError, match=match):
        load(text, **options)
    assert texts() == ["", ""]
    assert record.head() == head


def test_each_passage_gets_its_paragraph(world: World, load: Load) -> None:
    told = load(ARTICLE)
    assert told == "3 quotations found verbatim in 2 passages; 2 passages changed.\n"
    assert texts() == [FRAMING, PLEDGES]
    for measure in Measure.objects.select_related("passage"):
        measure.clean()
    assert record.verify().broken is None


def test_the_record_tells_whose_act_it_was(world: World, load: Load) -> None:
    load(ARTICLE, by="rui")
    entries = RecordEntry.objects.filter(why="Full text loaded.")
    assert [(entry.noun, entry.actor) for entry in entries] == [
        ("passage", world.rui.opaque_id)
    ] * 2


def test_a_second_load_changes_nothing(world: World, load: Load) -> None:
    load(ARTICLE)
    head = record.head()
    assert load(ARTICLE).endswith("0 passages changed.\n")
    assert record.head() == head


@pytest.mark.parametrize(
    "article",
    [
        ARTICLE.replace("\n", "\r\n"),
        "\ufeff" + ARTICLE,
        ARTICLE.replace("a plan, we", "a plan,\n  we"),
        f"{FRAMING}\n{PLEDGES}\n",
    ],
    ids=["windows", "byte order mark", "wrapped", "a paragraph a line"],
)
def test_articles_come_in_several_shapes(world: World, load: Load, article: str) -> None:
    load(article)
    assert texts() == [FRAMING, PLEDGES]


def test_quotations_that_do_not_stand_there_are_listed_and_nothing_is_changed(
    world: World, load: Load
) -> None:
    other = ARTICLE.replace("issue a plan", "issue a Plan").replace("swift", "quick")
    sentence = (
        r"^article.txt · 1\.1 · Paragraph 2: “we will issue a plan” does not stand there\.\n"
        r"article.txt · 2\.1 · Paragraph 2: “courts will be swift” does not stand there\.\n"
        r"Nothing was changed\.$"
    )
    refused(load, other, sentence)


def test_an_article_of_too_few_paragraphs_is_refused(world: World, load: Load) -> None:
    refused(load, PLEDGES, "The file has 1 paragraphs, and the source has 2 passages.")
    refused(load, "", "The file has 0 paragraphs")


def test_what_cannot_be_shown_is_refused(world: World, load: Load) -> None:
    refused(load, ARTICLE.replace("swift", "swift\u202e"), "U\\+202E RIGHT-TO-LEFT OVERRIDE")
    refused(load, b"\xff\xfe\xff", "cannot be read as UTF-8 text")


def test_an_unknown_source_or_person_is_named(world: World, load: Load) -> None:
    refused(load, ARTICLE, r"There is no source nowhere\. Known sources: speech-2020\.",
            source="nowhere")  # fmt: skip
    refused(load, ARTICLE, "There is no account named nobody", by="nobody")


def test_a_file_that_is_not_there_is_named(world: World, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"cannot be read as UTF-8 text: .*No such file"):
        call_command("load_source_text", "speech-2020", str(tmp_path / "nothing.txt"))
