"""What has to be asked from within a register that is being measured; each answer is JSON.

python -m tests.bench.inside sessions | drafts N | queries | export | excel | imports N | bare
"""

import csv
import io
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import django

WORDS = {"list": "/measures/", "detail": "/measures/1.1/", "progress": "/"}


def sessions() -> Any:
    """A cookie for each of the demonstration accounts."""
    from django.conf import settings
    from django.test import Client

    from measures.models import User

    found = {}
    for user in User.objects.filter(is_system=False, is_active=True):
        client = Client()
        client.force_login(user)
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        found[user.username] = f"{settings.SESSION_COOKIE_NAME}={key}; csrftoken={'a' * 32}"
    return found


def drafts(number: str) -> Any:
    """Drafts that wait for a decision: id and version."""
    import uuid

    from measures import workflow
    from measures.models import Draft, Measure, User

    analyst = User.objects.get(username="analyst")
    found = []
    taken = Draft.objects.values("measure")
    measures = Measure.objects.filter(findings__isnull=False)
    for measure in measures.exclude(pk__in=taken).distinct()[: int(number)]:
        draft = workflow.begin(measure, by=analyst, uid=uuid.uuid4())
        told: Any = {
            "confidence_reason": "Read again.",
            "rationale": "It goes on.",
            "search_where": "In the gazettes.",
            "search_languages": "Chinese",
            "searched_until": draft.effective_on,
        }
        workflow.save(draft, by=analyst, **told)
        draft = workflow.submit(draft, by=analyst)
        found.append((str(draft.uid), draft.version))
    return found


def queries() -> Any:
    """How many questions each page asks, signed in."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from measures.models import User

    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    client.force_login(User.objects.get(username="analyst"))
    found = {}
    for name, path in WORDS.items():
        asked: list[tuple[str, float]] = []

        def tap(execute: Any, sql: str, *more: Any, asked: Any = asked) -> Any:
            began = time.perf_counter()
            try:
                return execute(sql, *more)
            finally:
                asked.append((sql, (time.perf_counter() - began) * 1000))

        client.get(path)
        with connection.execute_wrapper(tap):
            client.get(path)
        found[name] = [len(asked), sum(took for _sql, took in asked)]
    return found


def _measured(work: Callable[[], int]) -> Any:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began = time.process_time()
    rows = work()
    took = time.process_time() - began
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"rows": rows, "a_second": rows / took, "megabytes": after - before}


def _bare_rows() -> Any:
    """As many columns as our own file of documents has, for a like amount of work."""
    from measures.models import Evidence

    fields = [f.name for f in Evidence._meta.concrete_fields if f.name not in ("id", "version")]
    return Evidence.objects.order_by("pk").values_list(*fields).iterator(2000)


class _Nowhere:
    """Where written text goes."""

    def write(self, text: str) -> int:
        return len(text)


def export() -> Any:
    """`values_list` and `csv`, nothing else."""

    def work() -> int:
        writer = csv.writer(_Nowhere())
        number = 0
        for row in _bare_rows():
            writer.writerow(row)
            number += 1
        return number

    return _measured(work)


def excel() -> Any:
    """XlsxWriter with `constant_memory`, nothing else."""
    import xlsxwriter

    def work() -> int:
        with xlsxwriter.Workbook(os.devnull, {"constant_memory": True}) as book:
            sheet = book.add_worksheet()
            number = 0
            for number, row in enumerate(_bare_rows(), start=1):
                sheet.write_row(number, 0, [str(each) for each in row])
        return number

    return _measured(work)


def _sheet(number: int) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    names = ["key", "title", "title_zh", "kind", "tier", "issued_on", "document_number", "url"]
    writer.writerow(names)
    for n in range(number):
        key, kind = f"imported-{n:06d}", "law" if n % 50 else "no such kind"
        url = f"https://documents.example.org/imported/{n}"
        writer.writerow([key, f"Document {n}", f"文件{n}", kind, 1, "2022-03-01", f"{n}", url])
    return file.getvalue().encode()


def imports(number: str) -> Any:
    """A dry run with errors line by line: ours, and django-import-export's of a tenth of it."""
    import tablib  # type: ignore[import-untyped]
    from import_export import resources  # type: ignore[import-untyped]

    from measures import sheets
    from measures.models import Evidence, User

    by = User.objects.get(username="administrator")
    content = _sheet(int(number))

    def ours() -> int:
        sheets.plan(io.BytesIO(content), "documents.csv", by=by)
        return int(number)

    class Documents(resources.ModelResource):
        class Meta:
            model = Evidence
            import_id_fields = ("key",)
            clean_model_instances = True

    few = int(number) // 10

    def theirs() -> int:
        data = tablib.Dataset().load(_sheet(few).decode(), format="csv")
        Documents().import_data(data, dry_run=True, raise_errors=False)
        return few

    return {"ours": _measured(ours), "theirs": _measured(theirs)}


def main(name: str, *more: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ipr_tracker.settings")
    django.setup()
    print(json.dumps(globals()[name](*more)))


if __name__ == "__main__":
    main(*sys.argv[1:])
