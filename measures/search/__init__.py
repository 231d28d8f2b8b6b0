"""Search: the words of the register in two languages, the same hits on every engine.

`tokens` is what text is found by, `words` which text of each noun, `index` keeps it, `engine` is
what the database does, `query` is what somebody asked and `excerpts` shows where it stands.
Permissions and the two dates of a page are not known here: see `progress.find`.
"""

from ..models.search_doc import SearchDoc, SearchDocQuerySet
from .engine import Meets, missing
from .excerpts import Excerpt, excerpt, marked
from .index import disagreeing, drop, index, rebuild
from .query import Query
from .words import words

__all__ = [
    "Excerpt",
    "Query",
    "disagreeing",
    "docs",
    "drop",
    "excerpt",
    "index",
    "marked",
    "missing",
    "rebuild",
    "words",
]


def docs(query: Query) -> SearchDocQuerySet:
    """The rows of the index that meet the query; a query without terms meets none."""
    found: SearchDocQuerySet = SearchDoc.objects.all()
    return found.found_by(Meets(query)) if query else found.none()
