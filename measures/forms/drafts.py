"""What people write in a draft, and decide on it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .. import method
from ..models import Citation, Draft, Finding, Measure
from ..models.fields import WrittenField
from .sent import FromAPage

MARKDOWN = _("Markdown is understood: *emphasis*, - lists, > quotations, [links](https://…).")


class StartForm(forms.Form):
    """What begins a draft: an id made with the page, and perhaps the finding it corrects."""

    uid = forms.UUIDField()
    corrects = forms.ModelChoiceField(Finding.objects.none(), required=False)

    def __init__(self, *args: Any, measure: Measure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["corrects"].queryset = measure.findings.known_at(None)  # type: ignore[attr-defined]


class EvidenceChoice(forms.ModelMultipleChoiceField):
    """The evidence of a measure, each piece with what a writer must know to choose it."""

    def label_from_instance(self, obj: Any) -> str:
        evidence = obj.evidence
        facts = [
            str(evidence.issued_on or _("undated")),
            _("tier %(tier)d") % {"tier": evidence.tier},
            obj.stage_term.label.lower(),
        ]
        if obj.bearing != "supports":
            facts.append(obj.bearing_term.label.lower())
        return f"{evidence} · {' · '.join(facts)}"


class DraftForm(FromAPage, forms.ModelForm):
    """What the author of a draft writes. Kept as it is; the rules are checked beside it."""

    citations = EvidenceChoice(
        Citation.objects.none(),
        required=False,
        label=_("Evidence"),
        widget=forms.CheckboxSelectMultiple,
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput)
    act = forms.ChoiceField(
        required=False, choices=[(act, act) for act in ("save", "submit", "withdraw")]
    )
    over = forms.IntegerField(required=False)  # the newer version that was read and merged

    class Meta:
        model = Draft
        fields = (
            "status",
            "effective_on",
            "is_late",
            "citations",
            "rationale",
            "rationale_zh",
            "confidence",
            "confidence_reason",
            "confidence_reason_zh",
            "search_where",
            "search_languages",
            "search_terms",
            "searched_until",
            "correction_reason",
        )
        help_texts = {"rationale": MARKDOWN, "rationale_zh": MARKDOWN}
        widgets = {
            "effective_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "searched_until": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "rationale": forms.Textarea({"rows": 7}),
            "rationale_zh": forms.Textarea({"rows": 5, "lang": "zh"}),
            "confidence_reason_zh": forms.TextInput({"lang": "zh"}),
            "search_where": forms.Textarea({"rows": 2}),
            "search_terms": forms.Textarea({"rows": 2}),
            "correction_reason": forms.Textarea({"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        draft = self.instance
        self.fields["seen_version"].initial = draft.version
        self.fields["citations"].queryset = draft.measure.citations.newest_first()  # type: ignore[attr-defined]
        for name, terms in (("status", method.STATUSES), ("confidence", method.CONFIDENCES)):
            options = [(term.slug, term.label) for term in terms.values()]
            self.fields[name].choices = options  # type: ignore[attr-defined]
        if not draft.supersedes_id:
            del self.fields["correction_reason"]

    def written(self) -> dict[str, Any]:
        """What the author wrote, as `workflow.save` takes it."""
        aside = ("seen_version", "over", "act")
        return {name: value for name, value in self.cleaned_data.items() if name not in aside}


class DecisionForm(FromAPage, forms.Form):
    """A reviewer's decision on the version that was read."""

    act = forms.ChoiceField(choices=[(act, act) for act in ("approve", "approve-next", "return")])
    seen_version = forms.IntegerField()
    note = WrittenField(
        required=False,
        label=_("Note to the author"),
        widget=forms.Textarea({"rows": 4}),
    )
