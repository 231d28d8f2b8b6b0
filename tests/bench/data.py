"""A database to play with: `make bench-data SIZE=C`, or `python -m tests.bench.data C`.

On SQLite in DATA_DIR; with DATABASE_URL on that PostgreSQL, where an empty database is wanted.
"""

import os
import sys
import time

import django
from django.core.management import call_command


def main(name: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ipr_tracker.settings")
    django.setup()
    from django.db import connection

    from .registers import SIZES, generate

    size = SIZES[name]
    began = time.monotonic()
    call_command("migrate", verbosity=0)
    register = generate(size)
    print(
        f"Register {name} on {connection.vendor}: {size.measures:,} measures, {size.documents:,} "
        f"documents, {size.findings:,} findings, {register.chain.sequence:,} entries in the "
        f"record; {time.monotonic() - began:.0f} s."
    )
    call_command("create_demo_accounts")
    call_command("collectstatic", interactive=False, verbosity=0)
    told = [f"{n}='{os.environ[n]}'" for n in ("DATA_DIR", "DATABASE_URL") if os.environ.get(n)]
    print(f"Open it with:  {' '.join([*told, sys.executable])} -m gunicorn ipr_tracker.wsgi \\")
    print("    --bind 127.0.0.1:8000 --worker-class gthread -w 2 --threads 4 --no-control-socket")
    print("Sign in at http://127.0.0.1:8000/accounts/login/ with one of the accounts above.")


if __name__ == "__main__":
    main(sys.argv[1])
