"""The administration: every noun of the register, its people and its record.

Whatever is saved or deleted here is told to the record in the same transaction; findings and the
record itself can only be read, and a finding is added by the same rules as everywhere.
"""

from django.contrib import admin
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from ..models import site_name
from . import drafts, evidence, findings, history, installation, journal, messages, people, register

__all__ = [
    "drafts",
    "evidence",
    "findings",
    "history",
    "installation",
    "journal",
    "messages",
    "people",
    "register",
]

admin.site.site_header = admin.site.site_title = lazy(site_name, str)()
admin.site.index_title = _("Administration")
# Most things here cannot be deleted at all, so the action is offered only where it is of use.
admin.site.disable_action("delete_selected")
