"""How an installation presents itself: one row, in the record, readable in every light."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from measures import colours, record
from measures.charts.palette import palette
from measures.models import Installation, RecordEntry, site_name
from measures.models import installation as room
from tests.customise.conftest import png
from tests.world import World

Look = Callable[..., Installation]


@pytest.fixture(autouse=True)
def _asked_anew(_as_it_comes: None) -> None:
    Installation.objects.forget()


def test_nobody_has_to_make_one(db: None) -> None:
    assert site_name() == "IPR Tracker"
    assert not Installation.objects.exists()


def test_there_is_one_and_no_more(look: Look, world: World) -> None:
    look(name="Ours")
    with pytest.raises(IntegrityError), transaction.atomic():
        Installation(name="Theirs").save()
    assert site_name() == "Ours"


def test_its_changes_are_in_the_record_but_for_the_bytes_of_the_logo(
    look: Look, world: World
) -> None:
    look(name="Ours")
    look(name_zh="我们的", logo=png())
    entry = RecordEntry.objects.newest_first()[0]
    assert (entry.noun, entry.key) == ("installation", "installation")
    assert set(entry.after) == {"name_zh", "logo_hash", "logo_kind"}
    assert record.verify().broken is None


def test_a_row_changed_behind_the_record_is_found(look: Look) -> None:
    look(name="Ours")
    connection.cursor().execute("UPDATE measures_installation SET name = 'Theirs'")
    assert record.verify().broken


def test_a_logo_that_was_swapped_is_not_shown(look: Look, visitor: Any) -> None:
    site = look(logo=png())
    address = f"/look/{site.logo_hash[:16]}/logo"
    assert visitor.get(address).status_code == 200
    other = Installation()
    other.take_logo(png(pixels=2))
    connection.cursor().execute("UPDATE measures_installation SET logo = %s", [other.logo])
    assert visitor.get(address).status_code == 404


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"accent": "#ffcc00"}, "accent"),
        ({"accent": "#777777"}, "accent"),  # 4.48 on white.
        ({"accent": "#0b4f8a", "accent_dark": "#0b4f8a"}, "accent_dark"),
        ({"accent": "red"}, "accent"),
        ({"accent": "#0b4f8a;}"}, "accent"),
        ({"accent_dark": "#8cc2f0"}, "accent"),
        ({"contact": "somewhere"}, "contact"),
        ({"contact": "javascript:alert(1)"}, "contact"),
        ({"contact": "http://example.org/"}, "contact"),
        ({"contact": "https://"}, "contact"),
        ({"languages": "fr"}, "languages"),
        ({"name": "Two\nlines"}, "name"),
        ({"name": "x" * 61}, "name"),
    ],
)
def test_what_cannot_be_read_or_reached_is_refused(
    told: dict[str, str], field: str, db: None
) -> None:
    with pytest.raises(ValidationError) as refusal:
        Installation(**told).full_clean()
    assert field in refusal.value.message_dict


def test_a_colour_that_is_too_weak_is_refused_with_its_figure(db: None) -> None:
    with pytest.raises(ValidationError) as refusal:
        Installation(accent="#888888").full_clean()
    (sentence,) = refusal.value.message_dict["accent"]
    assert sentence.startswith("On light paper this colour has a contrast of 3.4 to 1")
    with translation.override("zh-hans"), pytest.raises(ValidationError) as refusal:
        Installation(accent="#888888").full_clean()
    assert "对比度为3.4:1" in refusal.value.message_dict["accent"][0]


def test_the_papers_are_those_of_the_stylesheet() -> None:
    light, dark = palette("light"), palette("dark")
    assert set(room.LIGHT_PAPERS) == {light.paper, light.card}
    assert {dark.paper, dark.card} < set(room.DARK_PAPERS)


@pytest.mark.parametrize("colour", ["#000000", "#0b4f8a", "#7a0019", "#00502f", "#5b2a86"])
def test_the_colour_for_dark_paper_is_made_where_none_is_chosen(colour: str) -> None:
    site = Installation(accent=colour)
    site.clean()
    light, dark = site.accents or ("", "")
    assert light == colour
    assert colours.weakest(dark, room.DARK_PAPERS) >= 4.5
    assert colours.weakest(colour, room.DARK_PAPERS) < 4.5  # The control.


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "kind"),
        (b"GIF89a", "kind"),
        (png(padding=room.LARGEST), "size"),
    ],
)
def test_a_picture_that_we_do_not_show_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        Installation().take_logo(content)
    assert refusal.value.code == code


def test_it_is_asked_for_once_in_a_while_and_at_once_after_a_change(look: Look) -> None:
    look(name="Ours")
    with CaptureQueriesContext(connection) as asked:
        assert [site_name() for _time in range(5)] == ["Ours"] * 5
    assert len(asked) == 1
    assert "base64" not in asked[0]["sql"]
    assert '"measures_installation"."logo"' not in asked[0]["sql"]
    look(name="Ours again")
    assert site_name() == "Ours again"


def test_after_a_while_it_is_asked_for_anew(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in another process, which nobody tells of the change."""
    look(name="Ours")
    assert site_name() == "Ours"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE measures_installation SET name = 'Changed elsewhere'")
    assert site_name() == "Ours"
    monkeypatch.setattr(room, "WORTH", -1)
    assert site_name() == "Changed elsewhere"


def test_where_the_database_is_away_it_stays_as_known(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(name="Ours")
    assert site_name() == "Ours"

    def away(*args: Any) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(room, "WORTH", -1)
    monkeypatch.setattr(type(Installation.objects), "defer", away)
    assert site_name() == "Ours"
    Installation.objects.hold()
    assert site_name() == "Ours"


def test_a_name_in_one_language_serves_in_the_other(look: Look) -> None:
    look(name_zh="知识产权跟踪")
    assert site_name() == "知识产权跟踪"
    look(name="Ours")
    assert site_name() == "Ours"
    with translation.override("zh-hans"):
        assert site_name() == "知识产权跟踪"
