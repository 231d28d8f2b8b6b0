"""A page of the administration as a browser would send it back."""

from datetime import date
from typing import Any

from django.forms import ModelMultipleChoiceField


def filled(response: Any, **changes: Any) -> dict[str, Any]:
    """What the form on the page would post, with `changes` made by the person."""
    assert response.status_code == 200, response
    forms = [response.context["adminform"].form]
    for inline in response.context.get("inline_admin_formsets", ()):
        forms += [inline.formset.management_form, *inline.formset.forms]
    posted: dict[str, Any] = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            if bound.field.disabled or value is False:
                continue
            many = isinstance(bound.field, ModelMultipleChoiceField)
            posted[bound.html_name] = value or [] if many else _posted(value)
    return posted | changes


def _posted(value: Any) -> Any:
    if value is None:
        return ""
    if value is True:
        return "on"
    return value.isoformat() if isinstance(value, date) else value


def errors(response: Any) -> str:
    """Every error on the page, as text."""
    assert response.status_code == 200, response.headers
    forms = [response.context["adminform"].form]
    for inline in response.context.get("inline_admin_formsets", ()):
        forms += inline.formset.forms
    said = [str(form.errors) for form in forms]
    said += [
        str(i.formset.non_form_errors()) for i in response.context.get("inline_admin_formsets", ())
    ]
    return "".join(said)
