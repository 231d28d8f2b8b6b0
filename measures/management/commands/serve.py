import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "Serve the tracker with gunicorn until it is stopped; a proxy in front of it speaks TLS."
    # Each worker looks for itself whether it may start, and a database may be away for a minute.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bind", default="127.0.0.1:8000", help="An address, or unix:PATH.")
        parser.add_argument("--workers", type=int, default=2, help="Processes.")
        parser.add_argument("--threads", type=int, default=4, help="Threads of each of them.")
        parser.add_argument(
            "gunicorn", nargs="*", metavar="OPTION", help="More for gunicorn, after a lone --."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        module, _, application = settings.WSGI_APPLICATION.rpartition(".")
        command = [
            *(sys.executable, "-m", "gunicorn", f"{module}:{application}"),
            *("--bind", options["bind"], "--worker-class", "gthread"),
            *("--workers", str(options["workers"]), "--threads", str(options["threads"])),
            # Whether a proxy is believed is for TRUST_PROXY to say, so gunicorn believes none.
            *("--no-control-socket", "--forwarded-allow-ips=", "--log-level", "warning"),
            *("--pythonpath", str(settings.BASE_DIR)),
            *("--config", f"python:{module.partition('.')[0]}.workers"),
            *options["gunicorn"],
        ]
        sys.stdout.flush()
        # In our place, so that what systemd or Ctrl-C says is said to gunicorn itself.
        os.execv(sys.executable, command)  # noqa: S606 - a list, never a line for a shell
