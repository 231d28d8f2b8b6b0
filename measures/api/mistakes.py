"""What is wrong with a value, in the language of the reader.

Pydantic tells it in English alone. Here is a sentence of ours for each of its types of error that
our fields can lead to; whatever else may come is answered with the usual sentence of its status.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from .words import CODE, CURSOR, DAY

# By the type of the error; filled in with what pydantic tells beside it.
SENTENCES: dict[str, Any] = {
    "missing": _("Say this too: it cannot be left out."),
    "extra_forbidden": _("There is no such field."),
    "string_type": _("Write a text, in quotes."),
    "string_too_short": ngettext_lazy(
        "Write at least %(min_length)d character.",
        "Write at least %(min_length)d characters.",
        "min_length",
    ),
    "string_too_long": ngettext_lazy(
        "Write at most %(max_length)d character.",
        "Write at most %(max_length)d characters.",
        "max_length",
    ),
    "string_pattern_mismatch": _("Write it in the form that the description of the API names."),
    "greater_than_equal": _("Write a number that is not below %(ge)d."),
    "less_than_equal": _("Write a number that is not above %(le)d."),
    "int_type": _("Write a whole number, without quotes."),
    "int_parsing": _("Write a whole number."),
    "int_parsing_size": _("Write a whole number."),
    "int_from_float": _("Write a whole number."),
    "bool_type": _("Write true or false, without quotes."),
    "bool_parsing": _("Write true or false."),
    "list_type": _("Write a list, in square brackets."),
    "dict_type": _("Send fields and their values, in curly brackets."),
    "model_type": _("Send fields and their values, in curly brackets."),
    "model_attributes_type": _("Send fields and their values, in curly brackets."),
}

# By the pattern that a text does not follow.
FORMS: dict[str, Any] = {
    CODE: _("Write small letters and digits, with single points or hyphens between them."),
    DAY: _("Write the day as 2021-06-30."),
    CURSOR: _("This is no cursor of this list. Begin without one."),
}

# Raised by ourselves, with a sentence that is in the language of the reader already.
OURS = {"unknown", "twice", "empty"}


def sentence(error: Mapping[str, Any]) -> str:
    """What to say of an error of pydantic; empty where nothing better is known than its status."""
    kind, told = error["type"], error.get("ctx") or {}
    if kind == "value_error":
        return str(told["error"])
    if kind in OURS:
        return str(error["msg"])
    if kind == "string_pattern_mismatch" and told["pattern"] in FORMS:
        return str(FORMS[told["pattern"]])
    return str(SENTENCES[kind] % told) if kind in SENTENCES else ""
