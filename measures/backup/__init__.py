"""The whole installation in one file, and back: database, held copies, and a manifest of both."""

from .archive import Manifest, Refusal
from .restoring import restore
from .taking import take

__all__ = ["Manifest", "Refusal", "restore", "take"]
