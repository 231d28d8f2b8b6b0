from datetime import datetime
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class JobRunQuerySet(models.QuerySet["JobRun"]):
    def done(self, job: str, at: datetime | None = None) -> None:
        """The job of that name came to its end, now if no moment is given."""
        ended = {"ended_at": at or timezone.now()}
        self.update_or_create(job=job, defaults=ended)

    def last(self, job: str) -> datetime | None:  # type: ignore[override]
        """When the job last came to its end; None if it never did."""
        return self.filter(job=job).values_list("ended_at", flat=True).first()

    def named(self, job: str) -> Self:
        """The row of that job."""
        return self.filter(job=job)


class JobRun(models.Model):
    """When a job that a timer starts last came to its end: one row for each, on every machine.

    It is no part of the record: nobody decided it.
    """

    job = models.CharField(_("job"), max_length=40, primary_key=True)
    ended_at = models.DateTimeField(_("ended at"))

    objects = JobRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("run of a job")
        verbose_name_plural = _("runs of jobs")
        default_permissions = ()

    def __str__(self) -> str:
        return self.job
