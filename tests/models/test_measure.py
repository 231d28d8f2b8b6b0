from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from measures import record
from measures.models import Measure, Passage, Source, Theme
from tests.world import World

pytestmark = pytest.mark.django_db


def another(measure: Measure, **said: object) -> Measure:
    """A measure like this one but for what is said."""
    copy = Measure.objects.get(pk=measure.pk)
    copy.pk, copy.version = None, 1
    copy._state.adding = True
    for name, value in {"slug": f"slug-{said.get('code')}", **said}.items():
        setattr(copy, name, value)
    return copy


def test_measures_stand_in_the_order_of_the_source(world: World) -> None:
    for code, position in (("1.10", 10), ("1.9", 9)):
        record.save(another(world.plan, code=code, position=position), by=world.ana)
    codes = [measure.code for measure in Measure.objects.of(world.speech)]
    assert codes == ["1.1", "1.2", "1.9", "1.10", "2.1"]


def test_a_retired_measure_is_left_out_and_kept(world: World) -> None:
    plan = Measure.objects.get(pk=world.plan.pk)
    plan.retired_on = date(2024, 1, 1)
    record.save(plan, by=world.ana)
    assert plan not in Measure.objects.of(world.speech)
    assert plan.findings.count() == 2


@pytest.mark.parametrize(
    "said",
    [
        {"code": "1.1", "slug": "fresh"},
        {"code": "9.9", "slug": "plan"},
        {"code": "9.9", "kind": "splendid"},
        {"code": "9.9", "nature": "splendid"},
    ],
    ids=["code", "slug", "kind", "nature"],
)
def test_the_database_refuses_what_the_method_does_not_know_or_has_already(
    world: World, said: dict[str, str]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        another(world.plan, **said).save()
    another(world.plan, code="9.9").save()


def test_another_source_has_codes_of_its_own(world: World) -> None:
    other = Source(slug="speech-2024", title="Another", delivered_on=date(2024, 3, 5))
    record.save(other, by=world.ana)
    record.save(another(world.plan, code="1.1", slug="plan", source=other), by=world.ana)
    assert Measure.objects.filter(code="1.1").count() == 2


def test_a_quotation_stands_in_its_passage_where_that_is_loaded(world: World) -> None:
    world.plan.clean()  # No text is loaded, so nothing can be said.
    pledges = Passage.objects.get(pk=world.pledges.pk)
    pledges.text = "This year we will issue a plan."
    record.save(pledges, by=world.ana)
    plan = Measure.objects.get(pk=world.plan.pk)
    plan.clean()
    plan.quotation = "We will issue a plan"
    with pytest.raises(ValidationError, match=r"do not stand in Paragraph 2 of the source"):
        plan.clean()


def test_a_measure_is_stale_after_its_review_date_not_on_it(world: World) -> None:
    world.plan.review_on = date(2024, 1, 1)
    assert not world.plan.is_stale(date(2024, 1, 1))
    assert world.plan.is_stale(date(2024, 1, 2))
    world.plan.review_on = None
    assert not world.plan.is_stale(date(2024, 1, 2))


def test_one_source_at_most_has_the_short_addresses(world: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Source.objects.create(
            slug="other", title="Other", delivered_on=date(2024, 1, 1), is_default=True
        )
    other = Source.objects.create(slug="other", title="Other", delivered_on=date(2024, 1, 1))
    assert Source.objects.named() == world.speech
    assert Source.objects.named("other") == other
    assert Source.objects.named("nothing") is None


def test_a_theme_has_its_number_to_itself(world: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Theme.objects.create(source=world.speech, number=1, slug="fresh", title="Fresh")
