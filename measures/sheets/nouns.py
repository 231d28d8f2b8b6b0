"""Planning an import of documents, of citations and of measures."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..models import Body, Citation, Evidence, Measure, Passage, Source, Theme
from .incoming import Line
from .plan import Planner, RowPlanner, by_thousands
from .values import members, named, number_for_a_code, number_of, text_of

Key = tuple[Any, ...]


def _told(text: str) -> str:
    if not text:
        raise ValidationError(_("This is empty, and a row needs it. Fill it in."))
    return text


class EvidencePlanner(RowPlanner):
    """Documents by their key."""

    def key(self, line: Line) -> Key:
        return (_told(text_of(self.cell(line, "key"))),)

    def look_up(self, keys: list[Key]) -> None:
        self.bodies = {body.slug: body for body in Body.objects.all()}
        for chunk in by_thousands({key for (key,) in keys}):
            for found in Evidence.objects.filter(key__in=chunk).prefetch_related("bodies"):
                self.stored[(found.key,)] = found

    def begin(self, line: Line, key: Key) -> Evidence:
        return Evidence(key=key[0])

    def value(self, name: str, given: Any, key: Key) -> Any:
        if name == "bodies":
            return [named(self.bodies, _("body"), each) for each in members(given)]
        return super().value(name, given, key)


class OfSources(Planner):
    """Rows that belong to a source: named in its column, else the default one."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.sources = {source.slug: source for source in Source.objects.all()}
        self.usual = Source.objects.named()

    def source(self, line: Line) -> str:
        """The slug of the row's source."""
        told = text_of(self.cell(line, "source"))
        if not told and self.usual:
            return self.usual.slug
        return str(named(self.sources, _("source"), told).slug)

    def place(self, line: Line) -> tuple[str, str]:
        """Source and code of the row's measure, which may be written speech-2020/4.7."""
        told = _told(self._code(line, "measure"))
        if "/" in told:
            source, _slash, code = told.partition("/")
            return str(named(self.sources, _("source"), source).slug), code
        return self.source(line), told

    def _code(self, line: Line, name: str) -> str:
        """A code; one that a spreadsheet made a number of may have lost its last zero."""
        given = self.cell(line, name)
        if isinstance(given, float):
            raise number_for_a_code(given)
        return text_of(given)

    def measures_of(self, places: set[tuple[str, str]]) -> dict[tuple[str, str], Measure]:
        """The measures of the sources that are named, by source and code."""
        found = Measure.objects.filter(source__slug__in={source for source, _code in places})
        full = found.select_related("source", "theme__source", "passage__source")
        return {(each.source.slug, each.code): each for each in full}


class CitationPlanner(OfSources, RowPlanner):
    """Citations by their measure and their document."""

    def key(self, line: Line) -> Key:
        return (*self.place(line), _told(text_of(self.cell(line, "evidence"))))

    def look_up(self, keys: list[Key]) -> None:
        self.measures = self.measures_of({(source, code) for source, code, _key in keys})
        self.evidence: dict[str, Evidence] = {}
        wanted = {key for _source, _code, key in keys}
        for chunk in by_thousands(wanted):
            self.evidence |= {each.key: each for each in Evidence.objects.filter(key__in=chunk)}
            cited = Citation.objects.filter(evidence__key__in=chunk)
            for found in cited.select_related("evidence", "measure__source"):
                measure = found.measure
                self.stored[(measure.source.slug, measure.code, found.evidence.key)] = found

    def begin(self, line: Line, key: Key) -> Citation | None:
        source, code, document = key
        measure = self.measures.get((source, code))
        if measure is None:
            self.wrong(line, "measure", no_measure(source, code))
        try:
            evidence = named(self.evidence, _("document"), document)
        except ValidationError as error:
            self.wrong(line, "evidence", error.messages[0])
            return None
        return Citation(measure=measure, evidence=evidence) if measure else None


class MeasurePlanner(OfSources, RowPlanner):
    """Measures by their source and code."""

    def key(self, line: Line) -> Key:
        return (self.source(line), _told(self._code(line, "code")))

    def look_up(self, keys: list[Key]) -> None:
        sources = {source for source, _code in keys}
        found = Measure.objects.filter(source__slug__in=sources).prefetch_related("bodies")
        for each in found.select_related("source", "theme__source", "passage__source", "analyst"):
            self.stored[(each.source.slug, each.code)] = each
        self.slugs = {(each.source.slug, each.slug): each for each in self.stored.values()}
        self.bodies = {body.slug: body for body in Body.objects.all()}
        self.themes: dict[str, dict[str, Theme]] = {source: {} for source in sources}
        for theme in Theme.objects.filter(source__slug__in=sources).select_related("source"):
            self.themes[theme.source.slug][theme.slug] = theme
        self.passages: dict[str, dict[int, Passage]] = {source: {} for source in sources}
        for passage in Passage.objects.filter(source__slug__in=sources).select_related("source"):
            self.passages[passage.source.slug][passage.number] = passage

    def begin(self, line: Line, key: Key) -> Measure:
        return Measure(source=self.sources[key[0]], code=key[1])

    def value(self, name: str, given: Any, key: Key) -> Any:
        if name == "bodies":
            return [named(self.bodies, _("body"), each) for each in members(given)]
        if name not in ("theme", "passage"):
            return super().value(name, given, key)
        told = _told(text_of(given))
        if name == "theme":
            return named(self.themes[key[0]], _("theme"), told)
        number = number_of(told)
        if number not in self.passages[key[0]]:
            sentence = _("The source has no passage %(number)d.")
            raise ValidationError(sentence % {"number": number})
        return self.passages[key[0]][number]

    def check(self, obj: Measure) -> None:
        holder = self.slugs.setdefault((obj.source.slug, obj.slug), obj)
        if holder is not obj:
            sentence = _("Measure %(code)s has this slug already. Choose another one.")
            raise ValidationError({"slug": sentence % {"code": holder.code}})
        super().check(obj)


def no_measure(source: str, code: str) -> str:
    sentence = _("The source %(source)s has no measure %(code)s. Add it first, or mend the code.")
    return sentence % {"source": source, "code": code[:20]}
