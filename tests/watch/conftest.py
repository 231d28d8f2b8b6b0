from collections.abc import Iterator
from typing import Any

import pytest

from measures.pages import watch

TOKEN = "figures-for-prometheus-only-1234567890"


@pytest.fixture(autouse=True)
def _looked_anew() -> Iterator[None]:
    """No answer of an earlier test is good any more."""
    watch.forget()
    yield
    watch.forget()


@pytest.fixture
def token(settings: Any) -> dict[str, str]:
    """The header of whoever may know."""
    settings.METRICS_TOKEN = TOKEN
    return {"Authorization": f"Bearer {TOKEN}"}
