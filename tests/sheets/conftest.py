from datetime import date
from typing import Any

import pytest

from measures import record
from measures.models import Measure, Passage, Source, Theme
from tests.world import World


@pytest.fixture
def second_source(world: World) -> Source:
    """Another source beside the speech, with a measure of the same code."""

    def made(obj: Any) -> Any:
        record.save(obj, by=world.ana)
        return obj

    source = made(Source(slug="plan-2021", title="A plan", delivered_on=date(2021, 6, 1)))
    passage = made(Passage(source=source, number=1, role="commitments", gist="Libraries."))
    theme = made(Theme(source=source, number=1, slug="design", title="Reading", passage=passage))
    made(
        Measure(
            source=source,
            theme=theme,
            passage=passage,
            code="1.1",
            position=1,
            slug="library",
            short="Library",
            title="The library",
            quotation="a library will open",
            kind="institution",
            nature="deliverable",
        )
    )
    return source
