"""Looks, between two kills, whether every acknowledged write is there; run as a process.

python -m tests.chaos.checker fill    makes the small world and what pages are dressed in;
                                      prints a session to write with
python -m tests.chaos.checker         for each line, a list of acknowledged writes as JSON,
                                      prints as JSON what is wrong, and how much there is
"""

import json
import os
import sys
import threading
from typing import Any

import django


def fill() -> None:
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from tests.world import person, small_world

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    ana = person("ana", "Ana", "Analysts")
    small_world(ana, person("rui", "Rui", "Reviewers"))
    browser = Client()
    browser.force_login(ana)
    print(browser.cookies[settings.SESSION_COOKIE_NAME].value)


def check(acknowledged: list[list[str]]) -> dict[str, Any]:
    """`broken` holds half writes too: a row without its entry, an entry without its row."""
    from measures import files, record
    from measures.models import Attachment, JournalNote

    there = {("note", str(uid)) for uid in JournalNote.objects.values_list("uid", flat=True)}
    there |= {("copy", sha256) for sha256 in Attachment.objects.hashes()}
    broken = record.verify().broken
    return {
        "missing": [each for each in acknowledged if tuple(each) not in there],
        "broken": broken and f"{broken.sequence}: {broken.sentence}",
        "dangling": list(files.dangling()),
        "there": len(there),
    }


def patiently(acknowledged: list[list[str]]) -> dict[str, Any]:
    """The same, tried again while a database that was killed recovers."""
    from django.db import Error, connection

    never = threading.Event()
    for _ in range(600):
        try:
            return check(acknowledged)
        except Error:
            connection.close()
            never.wait(0.1)
    return check(acknowledged)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ipr_tracker.settings")
    django.setup()
    from django.db import connection

    if sys.argv[1:] == ["fill"]:
        fill()
        return
    for line in sys.stdin:
        print(json.dumps(patiently(json.loads(line))), flush=True)
        connection.close()


if __name__ == "__main__":
    main()
