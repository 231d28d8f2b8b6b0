"""Figures 1 to 9: what pages cost."""

from collections.abc import Mapping
from typing import Any

from .figures import Figure, Subject, costs, page, walls
from .served import Served

PART = {"HX-Request": "true", "HX-Target": "results"}
DAYS = {"early": "2020-12-31", "middle": "2023-06-30", "latest": ""}
RARE, COMMON = "pharmacopoeia", "trademark"


def subjects(floor: Served, small: Served, large: Served, last: str) -> dict[str, Subject]:
    """What is asked in one run, again and again; `last` is a measure near the end of the list."""
    found = {
        "floor": page(floor, "/", 200),
        "list": page(large, "/measures/", 12),
        "list A": page(small, "/measures/", 12),
        "deep": page(large, f"/measures/?after={last}", 12),
        "part": page(large, "/measures/", 12, **PART),
        "rare": page(large, f"/search/?q={RARE}", 8),
        "common": page(large, f"/search/?q={COMMON}", 8),
        "detail": page(large, "/measures/1.1/", 10),
    }
    for name, day in DAYS.items():
        asked = f"/?as_of={day}" if day else "/"
        found |= {name: page(large, asked, 2), f"{name} A": page(small, asked, 6)}
    return found


def figures(
    floor: Served,
    small: Served,
    large: Served,
    counted: Mapping[str, Mapping[str, Any]],
    last: str,
    rounds: int,
) -> list[Figure]:
    """`counted` are the questions of each page at both sizes: see `inside.queries`."""
    cost = costs(subjects(floor, small, large, last), rounds)
    print("   ".join(f"{name} {took:.2f} ms" for name, took in cost.items()), flush=True)
    fast = walls({"list": page(large, "/measures/", 10), "admin": _changelist(large)}, rounds)
    history = costs({"raw": page(large, "/?known=2026-11-20", 1)}, 2)["raw"]
    worst = max(cost[name] / cost[f"{name} A"] for name in DAYS)
    sql = counted["large"]["progress"][1]
    return [
        Figure("1", "list vs floor, CPU", cost["list"] / cost["floor"], 15, 9),
        Figure("2", "list vs admin changelist, requests/s", fast["admin"] / fast["list"], 8, 15,
               is_least=True),
        Figure("3", "list, large vs A, CPU", cost["list"] / cost["list A"], 1.3, 1.1),
        Figure("4", "page at 99 % vs first, CPU", cost["deep"] / cost["list"], 1.1, 1.0),
        Figure("4", "htmx part vs whole page, CPU", cost["part"] / cost["list"], 0.9, 0.6),
        Figure("5", "search, rare word vs list, CPU", cost["rare"] / cost["list"], 1.5, 1.2),
        Figure("5", "search, word in 5 % vs list, CPU", cost["common"] / cost["list"], 6, 2.5),
        Figure("6", "progress, worst of three dates, large vs A, CPU", worst, 1.5, 1.2),
        Figure("7", "progress vs its own SQL", cost["latest"] / max(sql, 0.01), 3, 2),
        Figure("7", "progress vs the raw history", history / cost["latest"], 200, 400,
               is_least=True),
        Figure("8", "detail with 20 findings vs floor, CPU", cost["detail"] / cost["floor"], 15, 9),
        *_questions(counted),
    ]  # fmt: skip


def _changelist(served: Served) -> Subject:
    who = "administrator"
    path = "/admin/measures/measure/"
    return Subject(served, lambda line: line.get(path, who), 4)


def _questions(counted: Mapping[str, Mapping[str, Any]]) -> list[Figure]:
    found = []
    for name, reach, beyond in (("list", 6, 4), ("detail", 8, 5), ("progress", 5, 4)):
        most = max(each[name][0] for each in counted.values())
        apart = abs(counted["large"][name][0] - counted["A"][name][0])
        found.append(Figure("9", f"questions of the {name}", most, reach, beyond, ""))
        found.append(Figure("9", "the same, difference between the sizes", apart, 0, 0, ""))
    return found
