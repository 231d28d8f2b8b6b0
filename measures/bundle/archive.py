"""A bundle as one file to send: a ZIP archive of its folder, which may be made to do harm."""

import stat
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from ..models import Source
from ..text import listed
from .dump import dump
from .files import NAMES, BundleError, Problem

PARTS = {f"{name}.yaml" for name in NAMES}
# The reader takes some twenty times this in memory. A larger register goes in as a folder.
UNPACKED = 32 * 2**20
# A file of some size that shrinks to less than a hundredth is made to burst.
RATIO, SMALL = 100, 2**20
PIECE = 2**16
# The first day that an archive can tell: the same register makes the same bytes on any day.
LONG_AGO = (1980, 1, 1, 0, 0, 0)


def pack(file: BinaryIO, source: Source | None = None) -> None:
    """Write the register, or one source, to `file` as an archive: the same bytes for the same."""
    with tempfile.TemporaryDirectory() as name, zipfile.ZipFile(file, "w") as archive:
        folder = Path(name)
        dump(folder, source)
        for path in sorted(folder.iterdir()):
            told = zipfile.ZipInfo(path.name, LONG_AGO)
            told.compress_type = zipfile.ZIP_DEFLATED
            told.create_system = 3
            told.external_attr = (stat.S_IFREG | 0o644) << 16
            with path.open("rb") as content, archive.open(told, "w") as place:
                while piece := content.read(PIECE):
                    place.write(piece)


@contextmanager
def unpacked(file: BinaryIO) -> Iterator[Path]:
    """The archive as a folder, gone afterwards; raises `BundleError` before anything is unpacked.

    Its files may lie in one folder, as whoever packs a folder makes it.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            with zipfile.ZipFile(file) as archive:
                for part, short in _checked(archive):
                    _unpack(archive, part, folder / short)
        except BundleError:
            raise
        except Exception as error:
            # Whatever a broken archive does to its reader, to the sender it is one thing.
            raise _refusal(_("The archive is broken or no .zip file. Pack it anew.")) from error
        yield folder


def _checked(archive: zipfile.ZipFile) -> list[tuple[zipfile.ZipInfo, str]]:
    """The files of the archive with their short names, all of them held against the limits."""
    parts = [part for part in archive.infolist() if not part.is_dir()]
    if len(parts) > len(PARTS):
        raise _refusal(_("The archive holds more files than a bundle has. Pack only its files."))
    folders = {part.filename.rpartition("/")[0] for part in parts}
    top = next(iter(folders), "")
    if len(folders) > 1 or "/" in top or top in (".", ".."):
        raise _refusal(_("The files of a bundle lie beside each other, in no folder or in one."))
    found = [(part, part.filename.rpartition("/")[2]) for part in parts]
    names = [short for _part, short in found]
    for short in names:
        if short not in PARTS:
            sentence = _("A bundle has no file of this name. Known are: %(names)s.")
            known = listed(f"{name}.yaml" for name in NAMES)
            raise BundleError([Problem(short, "", "", sentence % {"names": known})])
    if len(set(names)) < len(names):
        raise _refusal(_("The archive holds two files of the same name. Pack it anew."))
    for part in parts:
        _plain(part)
    if sum(part.file_size for part in parts) > UNPACKED:
        sentence = _("Unpacked, it has more than %(most)d MB. Load its folder by command.")
        raise _refusal(sentence % {"most": UNPACKED // 2**20})
    return found


def _plain(part: zipfile.ZipInfo) -> None:
    """Raise `BundleError` unless the part is a file like any other."""
    kind = stat.S_IFMT(part.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise _refusal(_("The archive holds something that is no file. Pack only the files."))
    if part.flag_bits & 1 or part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _refusal(_("The archive is locked or packed in a rare way. Pack it as plain ZIP."))
    if part.file_size > SMALL and part.file_size > RATIO * max(part.compress_size, 1):
        raise _refusal(_("The archive is packed too tightly to be honest. Nothing was unpacked."))


def _unpack(archive: zipfile.ZipFile, part: zipfile.ZipInfo, place: Path) -> None:
    """What a part says of its own size may be anything: it is counted as it comes."""
    left = part.file_size
    with archive.open(part) as content, place.open("xb") as file:
        while piece := content.read(PIECE):
            left -= len(piece)
            if left < 0:
                raise _refusal(_("The archive is broken or no .zip file. Pack it anew."))
            file.write(piece)


def _refusal(sentence: str) -> BundleError:
    return BundleError([Problem("", "", "", sentence)])
