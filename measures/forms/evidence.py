"""What people write of documents, and of where these bear on measures."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import model_to_dict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .. import files, method, workflow
from ..models import Citation, Evidence
from ..models.fields import WrittenField, one_line, readable
from ..models.tracked import Tracked
from ..text import cleaned
from ..wording import Difference, compared
from .sent import FromAPage

CHINESE = {"lang": "zh"}


def _day() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


def _formfield(field: "models.Field[Any, Any]", **options: Any) -> Any:
    """The form's field of a model's field; an address without a scheme is taken for https."""
    if isinstance(field, models.URLField):
        options["assume_scheme"] = "https"
    return field.formfield(**options)


def _words(field: forms.Field, value: Any) -> str:
    """A value as people read it; of several, one a line."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list | models.QuerySet):
        return "\n".join(sorted(str(each) for each in value))
    if value is None or value == "":
        return ""
    return str(dict(getattr(field, "choices", ())).get(value, value))


def _label(slug: str | int, term: method.Term | method.Tier) -> str:
    """The term's name; of a tier, which people know by its number, with that."""
    return f"{slug} · {term.label}" if isinstance(term, method.Tier) else term.label


class LinesField(forms.CharField):
    """A list of addresses, one a line."""

    widget = forms.Textarea({"rows": 2})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = str(super().to_python(value)).splitlines()
        return [line.strip() for line in map(cleaned, lines) if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((initial or []) != self.to_python(data))

    def run_validators(self, value: Any) -> None:
        for line in value:
            super().run_validators(line)


class RowForm(forms.ModelForm):
    """A row with its terms named in the reader's language."""

    terms: Mapping[str, Mapping[Any, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, terms in self.terms.items():
            options = [(slug, _label(slug, term)) for slug, term in terms.items()]
            if self.fields[name].initial is None:
                options.insert(0, ("", "–"))
            self.fields[name].choices = options  # type: ignore[attr-defined]

    def many(self) -> dict[str, Any]:
        """The many-to-many fields, as the workflow takes them."""
        names = [field.name for field in self._meta.model._meta.many_to_many]
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class VersionedForm(FromAPage, RowForm):
    """An edited row: the version of it that was seen, and why it is changed."""

    why = WrittenField(
        label=_("Why"),
        required=False,
        max_length=500,
        help_text=_("Kept in the record beside the change."),
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen_version"].initial = self.instance.version

    def beside(self, theirs: Tracked) -> tuple[Difference, ...]:
        """Where the row as it is now differs from what was written here.

        The form moves on to their version: saving it again is a choice made with both in view.
        """
        names = [name for name in self._meta.fields or () if name in self.fields]
        now = model_to_dict(theirs, names)
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data["seen_version"] = str(theirs.version)
        self.data = data
        return compared(
            {name: _words(self.fields[name], now[name]) for name in names},
            {name: _words(self.fields[name], self.cleaned_data[name]) for name in names},
            {name: str(self.fields[name].label) for name in names},
        )


class DocumentForm(RowForm):
    """What there is to say of a document, apart from its key."""

    terms = {
        "kind": method.EVIDENCE_KINDS,
        "tier": method.TIERS,
        "language": method.LANGUAGES,
        "checked_state": method.CHECKS,
    }
    seen_at = LinesField(
        label=_("Seen at"),
        required=False,
        validators=[readable, one_line],
        help_text=_("Other pages on which the text was read, one address a line."),
    )

    class Meta:
        model = Evidence
        formfield_callback = _formfield
        fields: tuple[str, ...] = (
            "title",
            "title_zh",
            "title_zh_ours",
            "url",
            "document_number",
            "kind",
            "tier",
            "issuer",
            "issuer_zh",
            "bodies",
            "issued_on",
            "effective_on",
            "language",
            "archive_url",
            "archived_on",
            "checked_state",
            "checked_on",
            "checked_how",
            "seen_at",
        )
        widgets = {
            "title_zh": forms.TextInput(CHINESE),
            "issuer_zh": forms.TextInput(CHINESE),
            "bodies": forms.CheckboxSelectMultiple,
            "issued_on": _day(),
            "effective_on": _day(),
            "archived_on": _day(),
            "checked_on": _day(),
            "checked_how": forms.Textarea({"rows": 2}),
        }


class EvidenceForm(VersionedForm, DocumentForm):
    """A document that is in the library. Its key stays: addresses and the record name it."""

    terms = {**DocumentForm.terms, "check_every": method.CHECKED_EVERY}

    class Meta(DocumentForm.Meta):
        fields = (*DocumentForm.Meta.fields, "check_every")


class NewEvidenceForm(DocumentForm):
    """A new document. What the library holds that may be the same is shown first.

    `another` holds the keys of those that the writer was shown and says are other documents. So
    the form sent twice is not saved twice: the second time there is one more than was shown.
    """

    another = WrittenField(required=False, max_length=20_000, label=_("It is another document"))

    class Meta(DocumentForm.Meta):
        fields = (*DocumentForm.Meta.fields, "key")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.alike: list[Evidence] = []
        self.fields["key"].required = False
        self.fields["key"].help_text = _(
            "Its name in addresses, such as patent-law-2020. Left empty, it is made from the title "
            "and the year."
        )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        self.alike = workflow.alike(
            title=told.get("title", ""),
            title_zh=told.get("title_zh", ""),
            url=told.get("url", ""),
            number=told.get("document_number", ""),
        )
        if {each.key for each in self.alike} - set(told.get("another", "").split()):
            sentence = _(
                "The library may hold this document already. Look at what is listed, then take one "
                "of those, or say that yours is another document."
            )
            self.add_error(None, ValidationError(sentence, code="alike"))
        if told.get("title") and not told.get("key") and "key" not in self.errors:
            told["key"] = Evidence.objects.free_key(told["title"], told.get("issued_on"))
        return told


class CiteForm(RowForm):
    """How a document bears on a measure, in the fewest words."""

    terms = {"stage": method.STAGES, "bearing": method.BEARINGS}

    class Meta:
        model = Citation
        fields: tuple[str, ...] = ("stage", "bearing", "note")
        widgets = {
            "note": forms.Textarea({"rows": 2}),
            "note_zh": forms.Textarea({"rows": 2, **CHINESE}),
            "quotation": forms.Textarea({"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"bearing": "supports"} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)


class FullCiteForm(CiteForm):
    """How a document bears on a measure, with what it says and where."""

    class Meta(CiteForm.Meta):
        fields = ("stage", "bearing", "note", "note_zh", "quotation", "locator")


class CitationForm(VersionedForm, FullCiteForm):
    """A citation that stands; which document and which measure it joins is fixed."""

    class Meta(FullCiteForm.Meta):
        pass


class PickForm(forms.Form):
    """The document that is meant, by its key."""

    evidence = forms.CharField(max_length=80)

    def clean_evidence(self) -> Evidence:
        found = Evidence.objects.filter(key=self.cleaned_data["evidence"]).first()
        if found is None:
            raise ValidationError(_("There is no such document."))
        return found


class PlaceForm(forms.Form):
    """Where a new document is needed: the code of a measure, or the id of a draft."""

    source = forms.SlugField(required=False)
    measure = forms.CharField(required=False, max_length=40)
    draft = forms.UUIDField(required=False)


class FindForm(forms.Form):
    """The search for a document by title or number."""

    q = forms.CharField(
        required=False,
        max_length=100,
        validators=[readable],
        label=_("Title in either language, or document number"),
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )


class TextForm(FromAPage, forms.Form):
    """The text of a page, to be held as a copy: pasted, or else fetched where that is asked."""

    text = forms.CharField(
        label=_("Text of the page"),
        required=False,
        max_length=files.MOST_TEXT,
        validators=[readable],
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Paste it here, or let the tracker fetch the page at the link above."),
    )
    fetch = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if "text" in told and not told["text"] and not told.get("fetch"):
            self.add_error("text", gettext("Paste the text, or fetch it."))
        return told


class MarkForm(FromAPage, forms.Form):
    """Whether everybody may have a held copy, and why."""

    public = forms.BooleanField(required=False)
    why = forms.CharField(required=False, max_length=500, validators=[readable, one_line])


class CopyForm(forms.Form):
    """A copy of a document, to be held; see `files` for what is taken."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, PNG, JPEG, plain text, HTML, DOCX or XLSX, at most 20 MB."),
        max_length=200,
    )

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        try:
            files.kind_of(upload)
        except files.Unwelcome as unwelcome:
            raise ValidationError(str(unwelcome), code="unwelcome") from unwelcome
        return upload
