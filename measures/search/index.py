"""The index: kept with every change, and made anew from nothing whenever it is asked for."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps as all_apps
from django.db import connection, transaction

from ..models import SearchDoc
from . import engine
from .tokens import BREAK, tokens
from .words import FIELDS, words

# PostgreSQL remembers 255 places of one token in a row, and no place beyond 16,383.
MOST_OF_ONE, MOST = 250, 10_000
# A phrase of the longest question (100 characters) stands whole in one of two parts.
OVERLAP = 220
BATCH = 500


def index(objects: Iterable[Any], changed: Iterable[str] | None = None) -> None:
    """Keep these rows, just saved, in the caller's transaction; nouns that are not searched pass.

    `changed` names the fields that differ, where that is known: most changes touch no words.
    """
    for noun, rows in _by_noun(objects).items():
        if changed is None or set(changed) & set(FIELDS[noun]):
            for start in range(0, len(rows), BATCH):
                _keep(noun, rows[start : start + BATCH])


def drop(noun: str, object_id: int) -> None:
    """Forget an object that is gone."""
    if noun in FIELDS:
        SearchDoc.objects.of(noun, [object_id]).delete()


@transaction.atomic
def rebuild(apps: Any = all_apps) -> int:
    """Make all of the index anew; returns how many objects it knows. `apps` as a migration has."""
    SearchDoc.objects.all().delete()
    number = 0
    for noun in FIELDS:
        rows: list[Any] = []
        for row in apps.get_model("measures", noun)._default_manager.order_by("pk").iterator(BATCH):
            rows.append(row)
            if len(rows) == BATCH:
                number += _write(noun, rows)
                rows = []
        number += _write(noun, rows)
    engine.renew(connection)
    return number


def disagreeing() -> int:
    """How many objects the index knows otherwise than they stand, not at all, or though gone."""
    number = 0
    for noun in FIELDS:
        model = all_apps.get_model("measures", noun)
        keys = model._default_manager.order_by("pk").values_list("pk", flat=True)
        number += SearchDoc.objects.of_others(noun, keys).count()
        rows: list[Any] = []
        for row in model._default_manager.order_by("pk").iterator(BATCH):
            rows.append(row)
            if len(rows) == BATCH:
                number += _differing(noun, rows)
                rows = []
        number += _differing(noun, rows)
    return number


def _differing(noun: str, rows: list[Any]) -> int:
    meant = {(doc.object_id, doc.part, doc.tokens) for doc in _docs(noun, rows)}
    kept = SearchDoc.objects.of(noun, [row.pk for row in rows])
    found = set(kept.values_list("object_id", "part", "tokens"))
    return len({told[0] for told in meant ^ found})


def _by_noun(objects: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for obj in objects:
        noun = str(obj._meta.model_name)
        if noun in FIELDS:
            found[noun].append(obj)
    return found


def _keep(noun: str, rows: list[Any]) -> None:
    SearchDoc.objects.of(noun, [row.pk for row in rows]).delete()
    _write(noun, rows)


def _write(noun: str, rows: list[Any]) -> int:
    SearchDoc.objects.bulk_create(_docs(noun, rows), batch_size=BATCH)
    return len(rows)


def _docs(noun: str, rows: list[Any]) -> list[SearchDoc]:
    frozen = _frozen(rows) if noun == "finding" else {}
    return [
        SearchDoc(noun=noun, object_id=row.pk, part=number, tokens=part)
        for row in rows
        for number, part in enumerate(
            parts(text for _name, text in words(noun, row, frozen.get(row.pk, ())))
        )
    ]


def _frozen(findings: list[Any]) -> dict[int, list[Any]]:
    """What each of the findings rests on. One query."""
    found: dict[int, list[Any]] = defaultdict(list)
    if findings:
        frozen: Any = type(findings[0])._meta.get_field("citations").related_model
        ids = [finding.pk for finding in findings]
        for each in frozen._default_manager.filter(finding__in=ids).order_by("finding", "position"):
            found[each.finding_id].append(each)
    return found


def parts(texts: Iterable[str]) -> Iterator[str]:
    """The tokens of the texts in rows that both engines keep whole."""
    told: list[str] = []
    often: Counter[str] = Counter()
    for token in _with_breaks(texts):
        if len(told) == MOST or often[token] == MOST_OF_ONE:
            yield " ".join(told)
            told = told[-OVERLAP:]
            often = Counter(told)
        told.append(token)
        often[token] += 1
    if told:
        yield " ".join(told)


def _with_breaks(texts: Iterable[str]) -> Iterator[str]:
    first = True
    for text in texts:
        found = tokens(text)
        if found and not first:
            yield BREAK
        first = first and not found
        yield from (token.text for token in found)
