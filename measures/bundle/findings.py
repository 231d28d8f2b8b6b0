"""The findings of a bundle: judged by the method like any other, and only ever added."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import workflow
from ..models import Citation, Evidence, Finding, FrozenCitation, Measure
from ..shapes import FINDING, FROZEN, Shape, public
from ..workflow import Entrance, Refused
from .files import Problem
from .index import Index, Unknown

FIELDS = {*FINDING.fields, "evidence"}
COPY = Shape("evidence", FrozenCitation, (), FROZEN)


class Findings:
    """Reads the rows of findings.yaml; `entrances` are the new ones, in the order of the file."""

    def __init__(
        self,
        index: Index,
        rows: list[dict[str, Any]],
        problems: list[Problem],
        *,
        for_nobody: bool,
    ) -> None:
        self.index, self.problems, self.for_nobody = index, problems, for_nobody
        self.entrances: list[Entrance] = []
        self.unchanged = 0
        self.recorded = index.recorded()
        self.assessed = {finding.measure.source_id for finding in self.recorded.values()}
        self.built: dict[tuple[int, int], Finding] = {}
        measures = {m.pk: m for m in index.objects[Measure].values()}
        self.corrections: dict[tuple[int, int], int | None] = {
            (id(measures[f.measure_id]), f.supersedes.number): f.number
            for f in self.recorded.values()
            if f.supersedes is not None
        }
        self.now = {(id(c.measure), id(c.evidence)): c for c in self._citations()}
        for place, row in enumerate(rows, start=1):
            self._take(row, place)

    def _citations(self) -> Iterator[Citation]:
        """Every citation, tied to the very objects of the index that the findings use."""
        for citation in self.index.objects[Citation].values():
            measure = self.index.objects[Measure][citation.measure.record_key]
            evidence = self.index.objects[Evidence][citation.evidence.key]
            citation.measure, citation.evidence = measure, evidence
            yield citation

    def _take(self, row: Mapping[str, Any], place: int) -> None:
        label = f"{row.get('measure', '?')} #{row.get('number', place)}"
        before = len(self.problems)
        finding = self._finding(row, label)
        if finding is None:
            return
        citations = self._frozen(finding, row.get("evidence", []), label)
        if len(self.problems) > before:
            return
        key = (id(finding.measure), finding.number)
        if key in self.built:
            self._wrong(label, "number", _("It stands twice in the file."))
            return
        self.built[key] = finding
        stored = self.recorded.get((finding.measure.pk or 0, finding.number))
        if stored is not None:
            self._compare(stored, finding, citations, row, label)
            return
        if self.for_nobody and self._speaks_for_somebody(finding, label):
            return
        ground = (finding.measure, finding.measure.source, *(c.evidence for c in citations))
        if self.index.faulty.isdisjoint(map(id, ground)) and self._obeys(finding, citations, label):
            self.entrances.append(Entrance(finding, citations))

    def _speaks_for_somebody(self, finding: Finding, label: str) -> bool:
        """Whether it names somebody who can say it here themselves; told for each of them."""
        named = {"author": finding.author, "approver": finding.approver}
        here = {name: person for name, person in named.items() if person.is_active}
        for name, person in here.items():
            sentence = _(
                "%(person)s has an account here, and nobody else may speak for them. Let them "
                "write or approve it on the desk, or load the bundle by command."
            )
            self._wrong(label, name, sentence % {"person": person})
        return bool(here)

    def _finding(self, row: Mapping[str, Any], label: str) -> Finding | None:
        before = len(self.problems)
        for name in sorted(set(row) - FIELDS):
            self._wrong(label, name, _("There is no such field."))
        values: dict[str, Any] = {}
        for name in (
            "measure",
            "number",
            "status",
            "effective_on",
            "confidence",
            "author",
            "approver",
        ):
            if row.get(name) in (None, ""):
                self._wrong(label, name, _("It is missing."))
        for name in FINDING.fields:
            if row.get(name) is None:
                continue
            try:
                values[name] = self._value(name, row, values)
            except (Unknown, ValidationError) as error:
                sentence = error.messages[0] if isinstance(error, ValidationError) else str(error)
                self._wrong(label, name, sentence)
        if len(self.problems) > before:
            return None
        finding = Finding(**values)
        return finding if self._clean(finding, label) else None

    def _value(self, name: str, row: Mapping[str, Any], values: Mapping[str, Any]) -> Any:
        if name in ("author", "approver"):
            return self.index.person(row[name])
        if name == "supersedes":
            measure = values.get("measure")
            number = Finding._meta.get_field("number").to_python(row[name])
            stored = self.recorded.get((measure.pk or 0, number)) if measure else None
            found = stored or self.built.get((id(measure), number))
            if found is None:
                raise Unknown(_("It corrects a finding that does not come before it."))
            corrected_by = self.corrections.setdefault((id(measure), number), values.get("number"))
            if corrected_by != values.get("number"):
                sentence = _(
                    "Finding %(number)s corrects that one already; correct the correction."
                )
                raise Unknown(sentence % {"number": corrected_by})
            return found
        return self.index.value(FINDING, name, row)

    def _clean(self, finding: Finding, label: str) -> bool:
        source = finding.measure.source
        if source.pk is not None and source.pk in self.assessed:
            # Into a living register a finding comes today: what was known on a past day stays so.
            finding.recorded_at = None  # type: ignore[assignment]
        elif finding.recorded_at and finding.recorded_at > timezone.now():
            self._wrong(label, "recorded_at", _("It is in the future."))
            return False
        relations = {f.name for f in Finding._meta.get_fields() if f.is_relation}
        filled_in = {
            name
            for name in ("recorded_at", "method_version", "citation_count")
            if not getattr(finding, name)
        }
        try:
            finding.clean_fields(exclude=relations | filled_in)
        except ValidationError as error:
            for name, sentences in error.message_dict.items():
                self._wrong(label, name, sentences[0])
            return False
        return True

    def _frozen(self, finding: Finding, given: Any, label: str) -> list[FrozenCitation]:
        """The pieces of evidence: a key freezes the citation as it reads, a mapping is a copy."""
        if not isinstance(given, list):
            self._wrong(label, "evidence", _("This is a list."))
            return []
        found = []
        for each in given:
            key = _key_of(each)
            try:
                evidence = self.index.named(Evidence, key, {})
                found.append(self._copy(finding, evidence, each))
            except Unknown as error:
                self._wrong(label, "evidence", str(error))
            except ValidationError as error:
                for name, sentences in error.message_dict.items():
                    self._wrong(label, "evidence", f"{key}, {name}: {sentences[0]}")
        keys = [c.evidence.key for c in found]
        for key in sorted({k for k in keys if keys.count(k) > 1}):
            self._wrong(label, "evidence", _("%(key)s is cited twice.") % {"key": key})
        return found

    def _copy(self, finding: Finding, evidence: Evidence, given: Any) -> FrozenCitation:
        if isinstance(given, Mapping):
            copy = {name: given[name] for name in given if name != "evidence"}
            if unknown := set(copy) - set(FROZEN):
                raise Unknown(_("There is no field %(name)s.") % {"name": sorted(unknown)[0]})
            for name in copy:
                try:
                    copy[name] = self.index.value(COPY, name, copy)
                except ValidationError as error:
                    raise ValidationError({name: error.messages}) from error
            frozen = FrozenCitation(evidence=evidence, **copy)
            frozen.clean_fields(exclude={"finding", "evidence", "position"})
            return frozen
        citation = self.now.get((id(finding.measure), id(evidence)))
        if citation is None:
            sentence = _("%(key)s is not cited under measure %(code)s; add it to citations.yaml.")
            raise Unknown(sentence % {"key": evidence.key, "code": finding.measure.code})
        return without_copy(citation)

    def _obeys(self, finding: Finding, citations: list[FrozenCitation], label: str) -> bool:
        try:
            workflow.two_persons(finding.author, finding.approver)
            workflow.check(
                finding, finding.measure, citations, corrects=finding.supersedes is not None
            )
        except Refused as refusal:
            for objection in refusal.objections:
                self._wrong(label, objection.field, objection.sentence)
            return False
        return True

    def _compare(
        self,
        stored: Finding,
        told: Finding,
        citations: list[FrozenCitation],
        row: Mapping[str, Any],
        label: str,
    ) -> None:
        """A finding that is recorded stays as it is; a row that says otherwise is refused."""
        names = [n for n in FINDING.fields if n in row and n != "recorded_at"]
        differing = [n for n in names if _plain(stored, n) != _plain(told, n)]
        kept = list(stored.citations.all())
        # A key says which evidence, and that it may read otherwise today; a copy says the words.
        copied = [isinstance(each, Mapping) for each in row.get("evidence", [])]
        if [c.evidence.key for c in citations] != [c.evidence.key for c in kept] or any(
            _words(now) != _words(then)
            for is_copy, now, then in zip(copied, citations, kept, strict=True)
            if is_copy
        ):
            differing.append("evidence")
        for name in differing:
            self._wrong(
                label,
                name,
                _(
                    "This finding is recorded with another content, and findings never change. "
                    "Give the new one a number of its own."
                ),
            )
        if not differing:
            self.unchanged += 1

    def _wrong(self, label: str, name: str, sentence: str) -> None:
        self.problems.append(Problem("findings.yaml", label, name, str(sentence)))


def without_copy(citation: Citation) -> FrozenCitation:
    """What a key says in a bundle: the citation as it reads, and that no copy of it was held.

    A bundle brings no copies, so one that a finding rests on is told by its hash, in full.
    """
    frozen = FrozenCitation.of(citation)
    frozen.copy_sha256 = ""
    return frozen


def _key_of(cited: Any) -> str:
    """The key of a piece of evidence, given as such or within a copy."""
    return str(cited.get("evidence", "") if isinstance(cited, Mapping) else cited)


def _words(citation: FrozenCitation) -> dict[str, Any]:
    return {name: public(getattr(citation, name)) for name in FROZEN}


def _plain(finding: Finding, name: str) -> Any:
    value = getattr(finding, name)
    return value.record_key if hasattr(value, "record_key") else public(value)
