"""What people say of a view that they save."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ..models import SavedView, Source, User
from ..models.fields import one_line, readable
from ..models.saved_view import OF_A_SOURCE, PLACES
from .facets import FacetFilter
from .lists import ChangesFilter, EvidenceFilter, MeasureFilter
from .time import TimeForm

LONGEST_QUERY = 4000


def filter_of(place: str, source: Source | None, query: QueryDict) -> FacetFilter:
    """The filters of that list, filled with the query."""
    if place in OF_A_SOURCE and source:
        return MeasureFilter(query, source)
    return EvidenceFilter(query) if place == "evidence-list" else ChangesFilter(query)


class ViewForm(forms.Form):
    """The name of a view, and whether others see it."""

    name = forms.CharField(max_length=80, validators=[readable, one_line], label=_("Name"))
    is_shared = forms.BooleanField(required=False, label=_("Shared with everybody who works here"))

    def __init__(
        self,
        data: Any,
        owner: User,
        view: SavedView | None = None,
        shown: Mapping[str, Any] | None = None,
    ) -> None:
        now: Any = {"name": view.name, "is_shared": view.is_shared} if view else shown
        super().__init__(data, initial=now, auto_id="view_%s")
        self.owner, self.view = owner, view

    def clean_name(self) -> str:
        """One name, one view, unless the view of that name is to be replaced."""
        name: str = self.cleaned_data["name"]
        same = SavedView.objects.owned_by(self.owner).named(name)
        replaces = self.view is None and self.data.get("replace")
        if same and same != self.view and not replaces:
            raise forms.ValidationError(
                _("You have a view of this name. Choose another one, or replace it.")
            )
        return name


class SaveViewForm(ViewForm):
    """A list as somebody looks at it. What cannot be read is left out, as on the page."""

    place = forms.ChoiceField(choices=list(PLACES.items()), widget=forms.HiddenInput)
    source = forms.CharField(
        required=False, max_length=80, validators=[readable], widget=forms.HiddenInput
    )
    query = forms.CharField(
        required=False, max_length=LONGEST_QUERY, validators=[readable], widget=forms.HiddenInput
    )
    dated = forms.BooleanField(required=False, label=_("With its dates"))
    replace = forms.BooleanField(required=False, label=_("In place of my view of this name"))

    def clean_source(self) -> Source | None:
        """The source by its slug."""
        slug = self.cleaned_data["source"]
        found = Source.objects.named(slug)
        if slug and found is None:
            raise forms.ValidationError(_("There is no source of this name."))
        return found

    def clean(self) -> dict[str, Any]:
        """The query in its one order, with dates only where they were asked for."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return told
        if told["place"] not in OF_A_SOURCE:
            told["source"] = None
        asked = QueryDict(told["query"].lstrip("?"), mutable=True)
        kept = QueryDict(mutable=True)
        for name, value in filter_of(told["place"], told["source"], asked).query().items():
            kept.setlist(name, value if isinstance(value, list) else [value])
        if told["dated"]:
            source = told["source"] or Source.objects.first_given()
            if source:
                kept.update(TimeForm(asked, source.delivered_on).when.query)
        told["query"] = kept.urlencode()
        return told
