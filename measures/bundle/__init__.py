"""A folder of readable files <-> the register. `seeds/` is one.

A bundle holds what is published: sources, measures, evidence, citations and findings with their
people. It holds no accounts, no drafts, no record of changes and not the full text of a source.
"""

from .archive import pack, unpacked
from .dump import dump
from .files import NAMES, BundleError, Problem
from .load import Report, load
from .text import TextReport, load_text

__all__ = [
    "NAMES",
    "BundleError",
    "Problem",
    "Report",
    "TextReport",
    "dump",
    "load",
    "load_text",
    "pack",
    "unpacked",
]
