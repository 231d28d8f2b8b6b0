"""A bundle as one file: the same bytes for the same register, and nothing hostile unpacked."""

import io
import stat
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from measures import bundle
from measures.bundle import BundleError, files
from measures.models import Source, User
from tests.world import World

SECOND = Path(__file__).parents[1] / "second_source"
PART = b"- slug: patent-office\n  title: Patent Office\n"


def packed(*parts: tuple[Any, bytes], method: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    file.seek(0)
    return file


def link() -> zipfile.ZipInfo:
    told = zipfile.ZipInfo("bodies.yaml")
    told.create_system = 3
    told.external_attr = (stat.S_IFLNK | 0o777) << 16
    return told


def twice() -> io.BytesIO:
    with pytest.warns(UserWarning, match="Duplicate"):
        return packed(("bodies.yaml", PART), ("bodies.yaml", PART))


def locked() -> io.BytesIO:
    content = bytearray(packed(("bodies.yaml", PART)).getvalue())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return io.BytesIO(bytes(content))


HOSTILE: dict[str, tuple[Callable[[], io.BytesIO], str]] = {
    "traversal": (lambda: packed(("../bodies.yaml", PART)), "beside each other"),
    "deep traversal": (lambda: packed(("a/../../bodies.yaml", PART)), "beside each other"),
    "absolute": (lambda: packed(("/etc/bodies.yaml", PART)), "beside each other"),
    "backslash": (lambda: packed(("..\\bodies.yaml", PART)), "no file of this name"),
    "link": (lambda: packed((link(), b"/etc/passwd")), "no file"),
    "many": (lambda: packed(*((f"{n}.yaml", b"") for n in range(5000))), "more files"),
    "ratio": (lambda: packed(("bodies.yaml", b" " * 30_000_000)), "too tightly"),
    "size": (
        lambda: packed(("bodies.yaml", bytes(40_000_000)), method=zipfile.ZIP_STORED),
        "more than 32 MB",
    ),
    "nested": (lambda: packed(("inner.zip", PART)), "no file of this name"),
    "unknown": (lambda: packed(("users.yaml", PART)), "no file of this name"),
    "twice": (twice, "two files of the same name"),
    "two folders": (lambda: packed(("a/bodies.yaml", PART), ("b/sources.yaml", b"")), "beside"),
    "locked": (locked, "locked"),
    "rare": (lambda: packed(("bodies.yaml", PART), method=zipfile.ZIP_LZMA), "rare way"),
    "broken": (lambda: io.BytesIO(b"PK\x03\x04broken"), "no .zip file"),
    "nothing": (lambda: io.BytesIO(b""), "no .zip file"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_archive_is_refused_before_it_is_unpacked(name: str) -> None:
    make, sentence = HOSTILE[name]
    file = make()
    tracemalloc.start()
    try:
        with pytest.raises(BundleError, match=sentence), bundle.unpacked(file):
            pytest.fail("it was unpacked")
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()


def test_a_size_that_lies_writes_no_more_than_it_says() -> None:
    content = packed(("bodies.yaml", b"x" * 5000), method=zipfile.ZIP_STORED).getvalue()
    place = content.index(b"PK\x01\x02")
    lying = content[: place + 24] + (10).to_bytes(4, "little") + content[place + 28 :]
    with pytest.raises(BundleError), bundle.unpacked(io.BytesIO(lying)):
        pytest.fail("it was unpacked")


REPEATED = "".join(
    f"- &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" if n else "- &a0 [x, x]\n" for n in range(9)
)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (REPEATED, "Line 1: parts are written out"),
        ("- slug: a\n- !!python/object/apply:os.system [ls]\n", "Line 2: a value has no tag"),
        ("[" * 100_000, "Line 1: lists within lists"),
        ("- {a: [[[[[[[[[x]]]]]]]]]}", "lists within lists"),
    ],
    ids=["repeated", "tag", "deep and open", "deep"],
)
def test_yaml_made_to_burst_is_refused_with_its_line(
    text: str, sentence: str, tmp_path: Path
) -> None:
    (tmp_path / "bodies.yaml").write_text(text)
    with pytest.raises(BundleError, match=sentence):
        files.read(tmp_path)


def test_one_folder_around_the_files_is_no_hindrance() -> None:
    with bundle.unpacked(packed(("seeds/", b""), ("seeds/bodies.yaml", PART))) as folder:
        assert [path.name for path in folder.iterdir()] == ["bodies.yaml"]
    assert not folder.exists()


def test_the_same_register_makes_the_same_bytes_as_its_folder_has(
    world: World, tmp_path: Path
) -> None:
    first, second = io.BytesIO(), io.BytesIO()
    bundle.pack(first)
    bundle.pack(second)
    assert first.getvalue() == second.getvalue()
    bundle.dump(tmp_path)
    with zipfile.ZipFile(first) as archive:
        told = {name: archive.read(name) for name in archive.namelist()}
    assert told == {path.name: path.read_bytes() for path in tmp_path.iterdir()}


def test_a_source_goes_alone_with_all_that_it_rests_on(world: World, ana: User) -> None:
    """Taken out and brought back, each of the two changes nothing."""
    bundle.load(SECOND, by=ana)
    told = {}
    for source in Source.objects.by_day():
        file = io.BytesIO()
        bundle.pack(file, source)
        with bundle.unpacked(file) as folder:
            rows = files.read(folder)
            report = bundle.load(folder, by=ana)
        assert [each["slug"] for each in rows["sources"]] == [source.slug]
        assert report.nothing_to_do
        told[source.slug] = {each["key"] for each in rows["evidence"]}
    assert told["example-plan"] == {"outline-2021-2035"}
    assert "outline" in told["speech-2020"]
    assert "outline-2021-2035" not in told["speech-2020"]
