"""The machine and the way it is set up: settings, disk, mail, the jobs of its timers."""

import os
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.core import checks
from django.core.mail import get_connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .. import workflow
from ..models import JobRun, LinkCheck
from .outcomes import Outcome, advice, failing, well

# After so long without a check of any page, whatever runs the checks has stopped.
UNCHECKED = timedelta(days=8)
# Digests go out every day, backups every night: two missed are no chance.
LATE = timedelta(hours=49)
# Some are to be sent at once.
UNSENT = timedelta(hours=1)
MEGABYTE = 1024 * 1024
LITTLE, TOO_LITTLE = 1024 * MEGABYTE, 100 * MEGABYTE


def weak_settings() -> list[str]:
    """What of the settings weakens the installation, by name."""
    weak = {
        "DEBUG": settings.DEBUG,
        "HTTPS": not settings.HTTPS,
        "FOUR_EYES": not settings.FOUR_EYES,
        "REQUIRE_MFA": not settings.REQUIRE_MFA,
        "EMAIL_URL": settings.EMAIL_BACKEND.endswith("console.EmailBackend"),
    }
    return [name for name, is_weak in weak.items() if is_weak]


def environment(now: datetime) -> Outcome:
    """The settings: what Django itself says of them, and what weakens the installation."""
    weak = weak_settings()
    found = list(_deployment()) if settings.HTTPS else []
    if "DEBUG" in weak and not _is_local():
        found.insert(0, "DEBUG=on shows the inside of the tracker to whoever meets an error")
    if found:
        told = _("The settings leave a door open: %(found)s.") % {"found": "; ".join(found)}
        return failing(told, _("Set what the README's table of settings says, and start anew."))
    if weak:
        told = _("These settings weaken the installation: %(names)s.") % {"names": ", ".join(weak)}
        return advice(told, _("The README's table of settings says what each of them means."))
    return well(_("No setting weakens this installation."))


def _deployment() -> Iterator[str]:
    """What Django warns of before a site goes into the open; what only informs is left out."""
    tags = [checks.Tags.security, checks.Tags.compatibility]
    for each in checks.run_checks(tags=tags, include_deployment_checks=True):
        if each.level >= checks.WARNING and not each.is_silenced():
            yield str(each.msg).rstrip(".")


def _is_local() -> bool:
    return not settings.HTTPS and all(
        host in ("127.0.0.1", "localhost", "[::1]", "testserver") for host in settings.ALLOWED_HOSTS
    )


def hosts(now: datetime) -> Outcome:
    """Under which names the site is served, and whether the way there is closed to listeners."""
    names = ", ".join(settings.ALLOWED_HOSTS)
    if "*" in settings.ALLOWED_HOSTS:
        told = _("The site answers to every name.")
        return failing(told, _("Set ALLOWED_HOSTS to the names under which people reach it."))
    if not settings.HTTPS and not _is_local():
        told = _("The site is served as %(names)s without https: passwords travel in the open.")
        return failing(
            told % {"names": names},
            _("Put a proxy with a certificate before it, and set HTTPS=on and TRUST_PROXY=on."),
        )
    return well(_("The site is served as %(names)s.") % {"names": names})


def clock(now: datetime) -> Outcome:
    """The zone in which days begin."""
    shown = timezone.localtime(now).strftime("%Y-%m-%d %H:%M")
    told = _("Days begin in the zone %(zone)s, where it is %(now)s.")
    return well(told % {"zone": settings.TIME_ZONE, "now": shown})


def disk(now: datetime) -> Outcome:
    """The room that is left where database, held copies and static files lie."""
    free = shutil.disk_usage(settings.DATA_DIR).free
    told = _("%(free)d MB are free in DATA_DIR.") % {"free": free // MEGABYTE}
    if not os.access(settings.DATA_DIR, os.W_OK):
        told = _("DATA_DIR cannot be written to.")
        return failing(told, _("Let the account that runs the tracker own that folder."))
    mend = _("Make room there, or move DATA_DIR to a larger disk.")
    if free < TOO_LITTLE:
        return failing(told, mend)
    return advice(told, mend) if free < LITTLE else well(told)


def mail(now: datetime) -> Outcome:
    """Whether the mail server lets us in; nothing is sent."""
    if settings.EMAIL_BACKEND.endswith("console.EmailBackend"):
        told = _("No mail goes out: it is printed where the tracker runs.")
        return advice(told, _("Set EMAIL_URL, so that invitations and new passwords arrive."))
    server = get_connection()
    try:
        server.open()
        server.close()
    except OSError as error:  # Those of smtplib are among them.
        told = _("The mail server does not let us in (%(fault)s).")
        mend = _("Look at EMAIL_URL: its host, port, user and password, and at the firewall.")
        return failing(told % {"fault": type(error).__name__}, mend)
    return well(_("The mail server lets us in."))


def last_link_check() -> datetime | None:
    """When a page of a document was looked at last, or all that were due had been."""
    checked = LinkCheck.objects.newest_first().values_list("at", flat=True).first()
    return max(filter(None, (checked, JobRun.objects.last("check_links"))), default=None)


def is_unchecked(checked: datetime | None, now: datetime) -> bool:
    """Whether whatever runs the checks of pages has stopped."""
    return checked is None or checked < now - UNCHECKED


def links(now: datetime) -> Outcome:
    """Whether cited pages are still looked at."""
    checked = last_link_check()
    mend = _("Let `manage.py check_links` run every night: docs/operations/links.md says how.")
    if checked is None:
        return advice(_("No cited page was ever looked at."), mend)
    told = _("Cited pages were last looked at %(age)s ago.") % {"age": _age(now - checked)}
    return failing(told, mend) if is_unchecked(checked, now) else well(told)


def digests(now: datetime) -> Outcome:
    """Whether mails to subscribers still go out."""
    mend = _(
        "Let `manage.py send_digests` run every five minutes: docs/operations/mail.md says how."
    )
    sent = JobRun.objects.last("send_digests")
    if sent is None:
        return advice(_("No digest was ever sent."), mend)
    told = _("Digests were last sent %(age)s ago.") % {"age": _age(now - sent)}
    return failing(told, mend) if sent < now - UNSENT else well(told)


def backups(now: datetime) -> Outcome:
    """The age of the newest backup that `manage.py backup` wrote."""
    taken = JobRun.objects.last("backup")
    mend = _("Let `manage.py backup` run every night: docs/operations/backup.md says how.")
    if taken is None:
        return advice(_("No backup was taken by `manage.py backup` so far."), mend)
    told = _("The last backup was taken %(age)s ago.") % {"age": _age(now - taken)}
    return failing(told, mend) if taken < now - LATE else well(told)


def factors(now: datetime) -> Outcome:
    """Who reviews or administers with a password alone."""
    number = len(workflow.without_factor())
    if not number:
        return well(_("Whoever reviews or administers has a second factor."))
    told = ngettext(
        "%(number)d account that reviews or administers has no second factor.",
        "%(number)d accounts that review or administer have no second factor.",
        number,
    )
    mend = _("Set REQUIRE_MFA=on, or ask each of them to set one up under “Your account”.")
    return advice(told % {"number": number}, mend)


def _age(since: timedelta) -> str:
    hours = int(since.total_seconds() // 3600)
    if hours < 48:
        return ngettext("%(number)d hour", "%(number)d hours", hours) % {"number": hours}
    return ngettext("%(number)d day", "%(number)d days", since.days) % {"number": since.days}
