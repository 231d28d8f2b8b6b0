from typing import Any

from django.utils.translation import gettext_lazy as _

# By their names in the database, which are the same everywhere.
ROLES = {
    "Administrators": _("Administrators"),
    "Analysts": _("Analysts"),
    "Managers": _("Managers"),
    "Reviewers": _("Reviewers"),
}


def role_name(role: Any) -> str:
    """The name of a group in the reader's language; one made elsewhere is called as it is."""
    return str(ROLES.get(role.name, role.name))
