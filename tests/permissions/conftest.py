import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from measures.models import User
from tests.permissions.cast import Cast, assemble
from tests.world import World


@pytest.fixture
def cast(
    world: World, signed_in: Callable[[User], Client], settings: Any, tmp_path: Path, caplog: Any
) -> Cast:
    """Everybody, and something of theirs; the log of what is refused stays out of the report."""
    caplog.set_level(logging.CRITICAL, logger="django")
    settings.FILES_DIR = tmp_path / "files"
    return assemble(world, signed_in)
