"""The command line: `ipr-tracker` where it was installed, `python manage.py` in a checkout."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ipr_tracker.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
        from django.db import OperationalError
    except ImportError:
        sys.exit("Django is not installed here; run make setup, then .venv/bin/python manage.py.")
    try:
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, OperationalError) as error:
        # What the reader can mend is a sentence; --traceback shows where it was raised.
        if "--traceback" in sys.argv:
            raise
        sys.exit(f"{error}")
