"""What an answer is known by: an ETag of whatever it is made of, never of the answer itself."""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language

from ..models import Installation, LinkCheck, RecordEntry, User

# Another of these draws another page of the same record.
SETTINGS = ("VERSION", "PUBLIC_PAGES", "FOUR_EYES", "REVIEW_DAYS", "TIME_ZONE", "STATIC_URL")
# Where the tracker was installed from a wheel, the last two lie within the second.
FOLDERS = ("measures", "ipr_tracker", "templates", "docs/guide")
ENDINGS = {".py", ".html", ".css", ".js", ".svg", ".json", ".md", ".mo", ".txt", ".xml"}


def stamp(*parts: str) -> str:
    """A strong ETag of whatever is made of the record and these: new when either changes.

    And when a cited page was looked at or a person has another name, both of which the record does
    not tell; when this process hears that the site is called otherwise, a little after the record;
    when the day ends, which is what no date means; in another language, and in another version of
    the tracker. One query, which reads accounts and no more than a row of all else.
    """
    head = RecordEntry.objects.newest_first().values("hash")
    looked = LinkCheck.objects.order_by("-pk").values("pk")
    # Asked of the accounts, of which there is always one: the tracker's own wrote the first entry.
    names = User.objects.order_by("pk").values_list(
        "pk", "display_name", models.Subquery(head[:1]), models.Subquery(looked[:1])
    )
    today = timezone.localdate().isoformat()
    chosen = [(name, getattr(settings, name)) for name in SETTINGS]
    site = Installation.objects.current().version
    told = repr((list(names), site, today, get_language(), _made_with(), chosen, parts))
    return f'"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'


@cache
def _made_with() -> str:
    """A hash of the files that answers are made with: the same on every machine that has them."""
    told = hashlib.sha256()
    for folder in FOLDERS:
        for path in sorted(Path(settings.BASE_DIR, folder).rglob("*")):
            if path.suffix in ENDINGS and path.is_file():
                told.update(f"{path.relative_to(settings.BASE_DIR)}\0".encode())
                told.update(path.read_bytes())
    return told.hexdigest()
