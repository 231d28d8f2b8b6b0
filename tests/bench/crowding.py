"""Figure 15: many at once."""

import random
import statistics
import threading
import time

from .figures import Figure
from .served import Served
from .taking import p95
from .writing import a_note

CLIENTS = 8


def at_once(served: Served, path: str, times: int) -> list[float]:
    """Milliseconds of each request of eight clients."""
    found: list[float] = []

    def read() -> None:
        line = served.line()
        for _ in range(times):
            found.append(line.get(path).took)

    threads = [threading.Thread(target=read) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def mixed(served: Served, seconds: float) -> tuple[int, int]:
    """Requests and errors of eight clients: nine of ten read, one writes."""
    done: list[bool] = []
    until = time.monotonic() + seconds

    def go(seed: int) -> None:
        rng, line = random.Random(seed), served.line()
        while time.monotonic() < until:
            try:
                if rng.random() < 0.1:
                    a_note(line)
                else:
                    line.get(rng.choice(("/measures/", "/measures/1.1/", "/evidence/")))
                done.append(True)
            except Exception as error:  # noqa: BLE001, RUF100  (whatever it was, it is an error)
                print(f"  error under load: {error}")
                line = served.line()
                done.append(False)

    threads = [threading.Thread(target=go, args=(n,)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(done), done.count(False)


def figures(served: Served, seconds: float) -> list[Figure]:
    found = []
    for name, path, times in (("list", "/measures/", 12), ("progress", "/", 3)):
        times_taken = at_once(served, path, times)
        spread = p95(times_taken) / statistics.median(times_taken)
        found.append(Figure("15", f"{name} at {CLIENTS} clients, p95/p50", spread, 2.2, 1.6))
    number, errors = mixed(served, seconds)
    name = f"errors in {seconds:g} s of reading and writing, {number:,} requests"
    return [*found, Figure("15", name, errors, 0, 0, "")]
