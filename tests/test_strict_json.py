"""JSON and YAML that could be read in two ways are not read."""

from pathlib import Path
from typing import Any

import pytest

from measures import strict_json
from measures.bundle import BundleError
from measures.bundle.files import read


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (b'{"a": 1, "a": 2}', "stands twice"),
        (b'[{"b": [{"a": 1, "a": 1}]}]', "stands twice"),
        (b"[NaN]", "NaN is no number"),
        (b"[-Infinity]", "-Infinity is no number"),
        (b"[1e999]", "too large"),
        (b"[0." + b"1" * 5000 + b"]", "too long"),
        (b"1" * 5000, "more than 19 digits"),
        (b"[" * 100_000, "nested deeper"),
        (b'{"a":' * 40 + b"1" + b"}" * 40, "nested deeper"),
        (b'["\\ud800"]', "lone surrogate"),
        (b'{"\\udfff": 1}', "lone surrogate"),
        (b"{} x", "Extra data"),
        (b"{}{}", "Extra data"),
        ('{"a": "专利"}'.encode("gb18030"), "utf-8"),
        ("[1]".encode("utf-16"), "utf-8"),
        (b"\xef\xbb\xbf[1]", "BOM"),
        (b"", "Expecting value"),
    ],
    ids=range(17),
)
def test_what_has_two_readings_is_refused(sent: bytes, reason: str) -> None:
    with pytest.raises(strict_json.NotStrict) as refusal:
        strict_json.loads(sent)
    assert reason in str(refusal.value)


def test_what_has_one_reading_is_read() -> None:
    told: Any = {"title": "专利法", "n": -9223372036854775808, "x": [1.5, None, True, "]]{{\\"]}
    sent = '{"title": "专利法", "n": -9223372036854775808, "x": [1.5, null, true, "]]{{\\\\"]}'
    assert strict_json.loads(sent.encode()) == told


@pytest.mark.parametrize(
    "text",
    [
        "- &a {title: x}\n- *a\n",
        "- &a [x, x]\n- [*a, *a]\n- *a\n",
        "- &a {b: *a}\n",
        "- {title: x, title: y}\n",
        "- !!python/object/apply:os.system [ls]\n",
        "- !other {title: x}\n",
    ],
    ids=["alias", "bomb", "endless", "twice", "python", "tag"],
)
def test_a_bundle_with_surprises_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "bodies.yaml").write_text(text)
    with pytest.raises(BundleError):
        read(tmp_path)
