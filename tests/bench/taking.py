"""Figures 11, 12, 14 and 16: files, memory, bytes."""

import json
import re
import statistics
import threading
from collections.abc import Mapping

from .figures import Figure
from .served import Answer, Served, told_by

PAGES = (
    "/", "/measures/", "/measures/1.1/", "/evidence/", "/changes/", "/search/?q=trademark",
    "/method/", "/about/", "/data/",
)  # fmt: skip


def exported(served: Served, path: str) -> tuple[Answer, float, float]:
    """The file, the seconds of processor that it took, and the megabytes that it took more."""
    line = served.line()
    line.get("/about/")
    held, before = served.highest(), served.cpu()
    answer = line.get(path)
    return answer, (served.cpu() - before) / 1000, max(served.highest() - held, 0)


def files(served: Served, fresh: Served, environment: Mapping[str, str]) -> list[Figure]:
    """Of each its own server, which has held no other file yet."""
    bare = json.loads(told_by(environment, "-m", "tests.bench.inside", "export"))
    book = json.loads(told_by(environment, "-m", "tests.bench.inside", "excel"))
    plain, seconds, megabytes = exported(served, "/evidence.csv")
    rows = bare["rows"]
    alone = latencies(fresh, 20)
    meanwhile: list[float] = []
    _excel, excel_seconds, excel_megabytes = _beside(fresh, meanwhile)
    return [
        Figure("11", f"CSV of {rows:,} rows vs values_list + csv, rows/s",
               rows / seconds / bare["a_second"], 0.6, 0.9, is_least=True),
        Figure("11", "CSV, memory", megabytes, 32, 16, " MB"),
        Figure("11", "CSV, first byte", plain.first, 200, 50, " ms"),
        Figure("12", "Excel vs bare XlsxWriter, CPU",
               excel_seconds / (rows / book["a_second"]), 1.3, 1.1),
        Figure("12", "Excel, memory", excel_megabytes, 32, 24, " MB"),
        Figure("12", "list p95 meanwhile vs alone", p95(meanwhile) / p95(alone), 2, 1.3),
    ]  # fmt: skip


def _beside(served: Served, meanwhile: list[float]) -> tuple[Answer, float, float]:
    """A workbook, and lists that are read while it is made."""
    ended = threading.Event()

    def read() -> None:
        line = served.line()
        while not ended.is_set():
            meanwhile.append(line.get("/measures/").took)

    line = served.line()
    line.get("/about/")
    reader = threading.Thread(target=read)
    held, before = served.highest(), served.cpu()
    reader.start()
    answer = line.get("/evidence.xlsx")
    ended.set()
    reader.join()
    lists = len(meanwhile) * statistics.median(meanwhile) / 1000
    seconds = (served.cpu() - before) / 1000
    return answer, max(seconds - lists / 2, 0.01), max(served.highest() - held, 0)


def latencies(served: Served, times: int) -> list[float]:
    line = served.line()
    line.get("/measures/")
    return [line.get("/measures/").took for _ in range(times)]


def p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)] if times else float("nan")


def memory(served: Served, floor: Served) -> list[Figure]:
    """After every page, on both workers; the files were made before."""
    for _ in range(4):
        line, bare = served.line(), floor.line()
        for path in PAGES:
            line.get(path)
            bare.get("/")
    ratio = served.memory() / floor.memory()
    return [Figure("14", "memory of a worker vs a bare one", ratio, 1.6, 1.25)]


def weight(served: Served) -> list[Figure]:
    """As a visitor's browser asks for it."""
    line = served.line()
    page = line.get("/measures/", "nobody", **{"Accept-Encoding": "br, gzip"})
    html = line.get("/measures/", "nobody").body.decode()
    static = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', html)
    rest = sum(
        len(line.get(each, "nobody", **{"Accept-Encoding": "br, gzip"}).body) for each in static
    )
    size = len(page.body)
    return [
        Figure("16", "list page, compressed", size / 1000, 10, 5, " kB"),
        Figure("16", "first visit with CSS and JavaScript", (size + rest) / 1000, 80, 45, " kB"),
    ]
