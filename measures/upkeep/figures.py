"""Figures of this installation, as Prometheus reads them.

Requests and questions to the database are counted where they happen, under the names that
django-prometheus gives them, so that its dashboards fit; the state of the register is looked up
when somebody asks. Labels are names of our own code: as many as there are views and checks. Nothing
is counted by person, address, measure or text.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from time import perf_counter
from typing import Any

from django.conf import settings
from django.utils import timezone
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from .. import record
from ..models import Draft, Finding, JobRun, Measure, Message
from . import machine
from .checks import Part, look
from .outcomes import State

NOWHERE = "<unnamed view>"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

LATENCY = Histogram(
    "django_http_requests_latency_seconds_by_view_method",
    "Seconds until an answer began, by view.",
    ["view", "method"],
    buckets=SECONDS,
)
ANSWERS = Counter(
    "django_http_responses_total_by_status_view_method",
    "Answers by status, view and method.",
    ["status", "view", "method"],
)
QUESTIONS = Counter(
    "django_db_execute_total", "Statements sent to a database.", ["alias", "vendor"]
)
FAULTS = Counter(
    "django_db_errors_total", "Statements that a database refused.", ["alias", "vendor", "type"]
)
DURATION = Histogram(
    "django_db_query_duration_seconds",
    "Seconds until a database answered.",
    ["alias", "vendor"],
    buckets=SECONDS,
)


def answered(view: str | None, method: str, status: int, seconds: float) -> None:
    """Count one request; `view` is the name of its address, None where it led nowhere."""
    name = view or NOWHERE
    LATENCY.labels(name, method).observe(seconds)
    ANSWERS.labels(status, name, method).inc()


def follow(connection: Any, **kwargs: Any) -> None:
    """Count what is asked of a connection from now on."""
    if _counted not in connection.execute_wrappers:
        connection.execute_wrappers.append(_counted)


def _counted(execute: Callable[..., Any], sql: Any, params: Any, many: Any, context: Any) -> Any:
    connection = context["connection"]
    labels = (connection.alias, connection.vendor)
    began = perf_counter()
    try:
        return execute(sql, params, many, context)
    except Exception as error:
        FAULTS.labels(*labels, type(error).__name__).inc()
        raise
    finally:
        QUESTIONS.labels(*labels).inc()
        DURATION.labels(*labels).observe(perf_counter() - began)


def _since(moment: datetime | None) -> float | None:
    return (timezone.now() - moment).total_seconds() if moment else None


def _entries() -> int:
    newest = record.head()
    return newest.sequence if newest else 0


# A new figure is one line: its name, what it says, and how it is looked up (None: left out).
STATE: tuple[tuple[str, str, Callable[[], float | None]], ...] = (
    ("measures", "Measures in use.", lambda: Measure.objects.in_use().count()),
    ("findings", "Findings in the record.", lambda: Finding.objects.count()),
    ("record_entries", "Entries of the record.", _entries),
    ("drafts_waiting", "Drafts that wait for a decision.", lambda: Draft.objects.queue().count()),
    (
        "messages_waiting",
        "Mails and deliveries that are due and not sent.",
        lambda: Message.objects.due(timezone.now()).count(),
    ),
    (
        "link_check_age_seconds",
        "Seconds since cited pages were last looked at.",
        lambda: _since(machine.last_link_check()),
    ),
    (
        "backup_age_seconds",
        "Seconds since the last backup.",
        lambda: _since(JobRun.objects.last("backup")),
    ),
    (
        "digest_age_seconds",
        "Seconds since digests were last sent.",
        lambda: _since(JobRun.objects.last("send_digests")),
    ),
)


class Register:
    """The state of the register and of the checks that `/readyz` makes, looked up when asked."""

    def collect(self) -> Iterator[Metric]:
        """One gauge each; labels are names of checks and the version."""
        for name, told, value in STATE:
            found = value()
            if found is not None:
                yield GaugeMetricFamily(f"ipr_tracker_{name}", told, value=found)
        told = "1 where the check of that name is not failing."
        states = GaugeMetricFamily("ipr_tracker_check_ok", told, labels=["check"])
        for line in look(Part.READY, timezone.now()):
            states.add_metric([line.name], float(line.state is not State.FAILING))
        yield states
        told = "The version that answers, and whether the workers of this machine add up."
        info = GaugeMetricFamily("ipr_tracker_info", told, labels=["version", "workers"])
        info.add_metric([settings.VERSION, "together" if _together() else "one"], 1)
        yield info


def _together() -> str:
    """Where gunicorn's workers add up; without it each tells of itself alone."""
    return str(settings.FIGURES_DIR)


def text() -> bytes:
    """All figures in the text format 0.0.4 of Prometheus."""
    counted = REGISTRY
    if _together():
        counted = CollectorRegistry()
        MultiProcessCollector(counted)
    state = CollectorRegistry(auto_describe=False)
    state.register(Register())
    return generate_latest(counted) + generate_latest(state)
