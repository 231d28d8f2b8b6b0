from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from measures import files, workflow
from measures.models import Attachment
from tests.backup.second import Installation, second_installation
from tests.world import World


@pytest.fixture(autouse=True)
def held(settings: Any, tmp_path: Path) -> Path:
    """An empty folder for the copies."""
    settings.FILES_DIR = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def attachment(world: World) -> Attachment:
    """A held copy of the outline."""
    stored = files.store(SimpleUploadedFile("outline.txt", "国发〔2021〕20号".encode()))
    row = Attachment(
        evidence=world.outline,
        sha256=stored.sha256,
        name="outline.txt",
        kind=stored.kind,
        size=stored.size,
        added_by=world.ana,
    )
    return workflow.attach(row, by=world.ana)


@pytest.fixture
def second(tmp_path: Path) -> Iterator[Installation]:
    """Another installation on the same engine, with an empty database."""
    with second_installation(tmp_path / "second") as installation:
        yield installation
