from datetime import date

import pytest

from measures.models import Source
from tests.world import World, a_plan


@pytest.fixture
def second_source(world: World) -> Source:
    """Another source beside the speech, with a measure of the same code."""
    return a_plan(world.ana, "plan-2021", date(2021, 6, 1), "design")
