"""Upgrades the installation that the environment names, and says as JSON what came of it.

python -m tests.upgrade.walker HEAD PASSWORD
"""

import json
import os
import sys
from typing import Any

import django

PAGES = (
    "/",
    "/zh/",
    "/measures/",
    "/measures/4.7/",
    "/themes/top-level-design/",
    "/evidence/",
    "/evidence/?q=trademark",
    "/source/politburo-25th-group-study-2020/",
    "/compare/",
    "/changes/",
    "/method/",
    "/?as_of=2022-01-01",
    "/measures/1.1/?known=2026-11-23",
    "/api/v1/measures",
)
STAFF = ("/desk/", "/admin/", "/account/", "/desk/quality/")


def walked(head: str, password: str) -> dict[str, Any]:
    """What is there after `migrate`; pages by path with the status of their answer."""
    from allauth.mfa.models import Authenticator
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.test import Client

    from measures import record, seals
    from measures.models import Draft, Finding, SearchDoc, User
    from measures.record import triggers

    executor = MigrationExecutor(connection)
    behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    call_command("migrate", interactive=False, verbosity=0)
    call_command("check", databases=["default"], stdout=sys.stderr)
    visitor, analyst = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
    ana = User.objects.get(username="analyst")
    analyst.force_login(ana, "measures.pages.signing_in.NameOrAddress")
    answers = [(path, visitor.get(path)) for path in PAGES]
    answers += [(path, analyst.get(path)) for path in STAFF]
    verdict, other = record.verify(head), record.verify("0" * 64)
    apps = Authenticator.objects.values_list("data__secret", flat=True)
    return {
        "behind": len(behind),
        "pages": {path: answer.status_code for path, answer in answers},
        "unprotected": [*triggers.missing(), *triggers.altered()],
        "broken": verdict.broken and verdict.broken.sentence,
        "another head is missed": bool(other.broken),
        "entries": verdict.entries,
        "findings": sorted(Finding.objects.values_list("measure__code", "number", "status")),
        "drafts": sorted(Draft.objects.values_list("measure__code", "state")),
        "password": ana.check_password(password),
        "apps": [(seals.unseal(each), each.startswith(seals.MARK)) for each in apps],
        "found": SearchDoc.objects.exists(),
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ipr_tracker.settings")
    django.setup()
    print(json.dumps(walked(*sys.argv[1:])))
