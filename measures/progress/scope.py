"""Which entries of the record tell of a source, or of a theme, a body or a measure of it."""

from typing import Any

from ..models import Body, Citation, Evidence, Finding, Measure, RecordEntry, Source, Theme
from ..models.record_entry import RecordEntryQuerySet


def entries_about(
    source: Source,
    *,
    theme: Theme | None = None,
    body: Body | None = None,
    measure: Measure | None = None,
) -> RecordEntryQuerySet:
    """Of a source and its measures, of a theme and its own, of a measure; of a body, its measures
    in that source and the documents that it issued.
    """
    if measure is not None:
        return RecordEntry.objects.around(measure)
    if body is not None:
        issued = Evidence.objects.matching(body=body).order_by().values("pk")
        under = {
            "body": [body.pk],
            "evidence": issued,
            **_under(source.measures.matching(body=body)),
        }
    elif theme is not None:
        under = {"theme": [theme.pk], **_under(theme.measures.all())}
    else:
        under = {
            "source": [source.pk],
            "theme": source.themes.values("pk"),
            "passage": source.passages.values("pk"),
            **_under(source.measures.all()),
        }
    return RecordEntry.objects.of_objects(under)


def _under(measures: Any) -> dict[str, Any]:
    """The ids of measures and of what belongs to them, by noun."""
    return {
        "measure": measures.values("pk"),
        "citation": Citation.objects.under(measures).values("pk"),
        "finding": Finding.objects.under(measures).values("pk"),
    }
