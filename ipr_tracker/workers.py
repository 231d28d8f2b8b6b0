"""What gunicorn does around its workers: `gunicorn -c python:ipr_tracker.workers ...`.

They add up their figures in a folder of their own, made at each start and gone at its end, so that
`/metrics` tells of all of them, whichever answers. It must be named before the first is started:
the library that counts looks for it when it is loaded.
"""

import os
import shutil
import tempfile
from typing import Any

TOGETHER = "PROMETHEUS_MULTIPROC_DIR"
OURS = "ipr-tracker-figures-"


def on_starting(server: Any) -> None:
    """Before any worker. A folder that the environment names is taken as it is."""
    if not os.environ.get(TOGETHER):
        os.environ[TOGETHER] = tempfile.mkdtemp(prefix=OURS)


def child_exit(server: Any, worker: Any) -> None:
    """What a worker counted stays; what it was doing just then does not."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)


def on_exit(server: Any) -> None:
    """At the end the folder goes, if it is ours."""
    folder = os.environ.get(TOGETHER, "")
    if os.path.basename(folder).startswith(OURS):  # noqa: PTH119
        shutil.rmtree(folder, ignore_errors=True)
