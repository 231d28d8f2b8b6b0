from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from measures import record
from measures.bundle import files
from measures.models import User

Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture
def system(db: None) -> User:
    """The tracker's own account, which loads what nobody signs for."""
    return record.system_account()


@pytest.fixture
def rows() -> Rows:
    """A small bundle: everything there is one or two of."""
    return {
        "people": [
            {"key": "coding", "id": "37418a6e-277a-4a69-8332-d8d2a9b3188b", "name": "Coding",
             "system": True},
            {"key": "review", "id": "875758a2-3976-43e5-8706-89e953a869ba", "name": "Review",
             "system": True},
        ],
        "bodies": [
            {"slug": "patent-office", "title": "Patent Office", "abbreviation": "PO"},
            {"slug": "supreme-court", "title": "Supreme Court"},
        ],
        "sources": [
            {"slug": "speech-2020", "title": "A speech", "delivered_on": "2020-11-30",
             "is_default": True},
        ],
        "passages": [
            {"number": 1, "role": "context", "gist": "Why it matters."},
            {"number": 2, "role": "commitments", "gist": "What is promised."},
        ],
        "themes": [{"number": 1, "slug": "design", "title": "Design", "passage": 2}],
        "measures": [
            {"code": "1.1", "slug": "plan", "theme": "design", "position": 1, "passage": 2,
             "short": "Plan", "title": "A plan", "quotation": "we will issue a plan",
             "done_when": "It is issued.", "kind": "plan", "nature": "deliverable",
             "bodies": ["patent-office"]},
            {"code": "1.2", "slug": "training", "theme": "design", "position": 2, "passage": 2,
             "short": "Training", "title": "Training", "quotation": "we will train examiners",
             "kind": "capacity", "nature": "continuing"},
        ],
        "evidence": [
            {"key": "outline", "title": "The outline", "kind": "plan", "tier": 1,
             "issued_on": "2021-09-22", "bodies": ["patent-office"],
             "seen_at": ["https://example.org/outline"]},
            {"key": "yearbook", "title": "The yearbook", "kind": "statistics", "tier": 2},
        ],
        "citations": [
            {"evidence": "outline", "measure": "1.1", "stage": "in-force", "bearing": "supports",
             "note": "It is issued."},
            {"evidence": "yearbook", "measure": "1.2", "stage": "applied", "bearing": "supports"},
        ],
        "findings": [
            {"measure": "1.1", "number": 1, "status": "not-started", "effective_on": "2020-11-30",
             "confidence": "low", "confidence_reason": "One page.", "rationale": "Nothing yet.",
             "recorded_at": "2021-01-15T09:00:00+00:00", "author": "coding", "approver": "review",
             "method_version": "1.0", "coding": "agree"},
            {"measure": "1.1", "number": 2, "status": "implemented", "effective_on": "2021-09-22",
             "confidence": "high", "confidence_reason": "The text.", "rationale": "It is in force.",
             "recorded_at": "2021-10-01T09:00:00+00:00", "author": "coding", "approver": "review",
             "method_version": "1.0", "coding": "agree", "evidence": ["outline"]},
        ],
    }  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[Rows], Path]:
    """A bundle of these rows in a folder; a second call writes over the first."""

    def written(rows: Rows) -> Path:
        files.write(tmp_path / "bundle", rows)
        return tmp_path / "bundle"

    return written
