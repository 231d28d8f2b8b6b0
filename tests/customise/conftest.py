import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from measures import record
from measures.models import Installation
from tests.world import World


def png(*, pixels: int = 1, padding: int = 0) -> bytes:
    """A small picture; `padding` makes the file larger, not the picture."""

    def chunk(name: bytes, content: bytes) -> bytes:
        told = name + content
        return struct.pack(">I", len(content)) + told + struct.pack(">I", zlib.crc32(told))

    size = struct.pack(">IIBBBBB", pixels, pixels, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\x0b\x4f\x8a" * pixels for _row in range(pixels)))
    extra = chunk(b"tEXt", b"c\0" + b"x" * padding) if padding else b""
    parts = (chunk(b"IHDR", size), extra, chunk(b"IDAT", rows), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.fixture
def look(world: World) -> Callable[..., Installation]:
    """Give the installation another look, as an administrator does."""

    def given(**told: Any) -> Installation:
        site = Installation.objects.first() or Installation()
        logo = told.pop("logo", None)
        if logo is not None:
            site.take_logo(logo)
        for name, value in told.items():
            setattr(site, name, value)
        site.full_clean()
        record.save(site, by=world.ana)
        return site

    return given
