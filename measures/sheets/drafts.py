"""Planning an import of findings: each row that the register has not becomes a draft.

Four eyes decide on it as on any other; what is in the record is never changed by a sheet.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..models import Citation, Draft, Finding
from ..models.judgement import JUDGED
from .incoming import Line
from .nouns import Key, OfSources, no_measure
from .plan import NEW, SAME, Planned, was_cut
from .values import Cut, alike, members, number_of, text_of, value_of

MOST = 500
LIVING = ("writing", "returned", "submitted", "approved")


class DraftPlanner(OfSources):
    """Findings by measure and number; rows without a number are proposals."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.model = Draft

    @property
    def identity(self) -> str:
        return "measure"

    def key(self, line: Line) -> Key:
        told = text_of(self.cell(line, "number"))
        # A proposal has no name of its own: its place in the file stands for it.
        own = ("finding", number_of(told)) if told else ("proposal", line.number)
        return (*self.place(line), *own)

    def look_up(self, keys: list[Key]) -> None:
        self.measures = self.measures_of({(key[0], key[1]) for key in keys})
        wanted = {self.measures[key[:2]].pk for key in keys if key[:2] in self.measures}
        self.findings: dict[tuple[int, int], Finding] = {}
        found = Finding.objects.filter(measure__in=wanted).select_related("supersedes")
        for finding in found.prefetch_related("citations__evidence"):
            self.findings[finding.measure_id, finding.number] = finding
        cited = Citation.objects.filter(measure__in=wanted).select_related("evidence")
        self.cited = {(each.measure_id, each.evidence.key): each for each in cited}
        mine = Draft.objects.filter(author=self.by, measure__in=wanted, state__in=LIVING)
        self.begun = {_draft_key(draft) for draft in mine.prefetch_related("citations")}

    def row(self, line: Line, key: Key) -> None:
        before = len(self.plan.problems)
        measure = self.measures.get(key[:2])
        if measure is None:
            self.wrong(line, "measure", no_measure(key[0], key[1]))
            return
        told = self._judged(line)
        documents = self._documents(line)
        if len(self.plan.problems) > before:
            return
        planned = Planned(self.sheet.cell(line.number, ""), f"{key[0]} · {key[1]}", SAME)
        if key[2] == "finding":
            self._compare(line, self.findings.get((measure.pk, key[3])), told, documents, key[3])
        else:
            self._propose(line, measure, told, documents, planned)
        if len(self.plan.problems) == before:
            self.plan.rows.append(planned)

    def _judged(self, line: Line) -> dict[str, Any]:
        told: dict[str, Any] = {}
        for name in JUDGED:
            column = self.columns.by_field.get(name)
            if column is None or column not in line.values:
                continue
            try:
                told[name] = value_of(Draft._meta.get_field(name), line.values[column])
            except ValidationError as error:
                self.wrong(line, name, error.messages[0])
            except Cut:
                if self.cell(line, "number") in (None, ""):
                    self.wrong(line, name, was_cut())
        return told

    def _documents(self, line: Line) -> list[str] | None:
        """The keys of the evidence, None where there is no such column."""
        column = self.columns.by_field.get("evidence")
        if column is None or column not in line.values:
            return None
        try:
            return members(line.values[column])
        except ValidationError as error:
            self.wrong(line, "evidence", error.messages[0])
            return None

    def _compare(
        self,
        line: Line,
        finding: Finding | None,
        told: dict[str, Any],
        documents: list[str] | None,
        number: int,
    ) -> None:
        """A finding of the record must read as it does there."""
        if finding is None:
            sentence = _(
                "There is no finding %(number)d of this measure. Leave the number empty to "
                "propose one."
            )
            self.wrong(line, "number", sentence % {"number": number})
            return
        for name, value in told.items():
            if not alike(getattr(finding, name), value):
                self._never_edited(line, name, number)
        if documents is not None:
            rests_on = {each.evidence.key for each in finding.citations.all()}
            if rests_on != set(documents):
                self._never_edited(line, "evidence", number)

    def _never_edited(self, line: Line, name: str, number: int) -> None:
        sentence = _(
            "A finding is never edited. To propose another one, empty the number; to correct this "
            "one, write %(number)d under “supersedes” as well, and say what was wrong."
        )
        self.wrong(line, name, sentence % {"number": number})

    def _propose(
        self,
        line: Line,
        measure: Any,
        told: dict[str, Any],
        documents: list[str] | None,
        planned: Planned,
    ) -> None:
        before = len(self.plan.problems)
        if measure.retired_on:
            self.wrong(line, "measure", _("This measure is retired: it is no longer judged."))
        citations = list(self._citations(line, measure, documents or []))
        corrects = self._corrected(line, measure)
        judged = {name: value for name, value in told.items() if value not in (None, "")}
        draft = Draft(measure=measure, author=self.by, supersedes=corrects, **judged)
        try:
            relations = {each.name for each in Draft._meta.fields if each.is_relation}
            draft.clean_fields(exclude=relations)
        except ValidationError as error:
            for name, sentences in error.message_dict.items():
                for sentence in sentences:
                    self.wrong(line, name, sentence)
        if len(self.plan.problems) > before:
            return
        planned.object, planned.many = draft, {"citations": citations}
        key = _key_of(draft, citations)
        if key not in self.begun:
            self.begun.add(key)
            planned.kind = NEW
            planned.after = {name: str(value) for name, value in judged.items()}
            planned.after["citations"] = "; ".join(documents or [])
        if self.plan.numbers[NEW] == MOST and planned.kind == NEW:
            sentence = _("At most %(most)d drafts are begun at once. Leave the rest for later.")
            self.wrong(line, "measure", sentence % {"most": MOST})

    def _citations(self, line: Line, measure: Any, documents: list[str]) -> Iterable[Citation]:
        for each in dict.fromkeys(documents):
            found = self.cited.get((measure.pk, each))
            if found is None:
                sentence = _(
                    "“%(key)s” is not cited under this measure. Import its citation first."
                )
                self.wrong(line, "evidence", sentence % {"key": each[:60]})
            else:
                yield found

    def _corrected(self, line: Line, measure: Any) -> Finding | None:
        try:
            told = text_of(self.cell(line, "supersedes"))
            if not told:
                return None
            number = number_of(told)
        except ValidationError as error:
            self.wrong(line, "supersedes", error.messages[0])
            return None
        found = self.findings.get((measure.pk, number))
        if found is None:
            sentence = _("There is no finding %(number)d of this measure to correct.")
            self.wrong(line, "supersedes", sentence % {"number": number})
        return found


def _draft_key(draft: Draft) -> tuple[Any, ...]:
    return _key_of(draft, draft.citations.all())


def _key_of(draft: Draft, citations: Iterable[Citation]) -> tuple[Any, ...]:
    """What makes two drafts the same proposal."""
    judged = (getattr(draft, name) for name in JUDGED)
    plain = (text_of(value) if isinstance(value, str) else value for value in judged)
    resting = tuple(sorted(citation.pk for citation in citations))
    return (draft.measure_id, draft.supersedes_id, *plain, resting)
