"""What may come in."""

from .accounts import InvitationForm, InvitedForm
from .brief import BriefForm, as_of_the_end
from .bundles import BundleDecisionForm, BundleForm
from .drafts import DecisionForm, DraftForm, StartForm
from .evidence import (
    CitationForm,
    CiteForm,
    CopyForm,
    EvidenceForm,
    FindForm,
    FullCiteForm,
    LinesField,
    MarkForm,
    NewEvidenceForm,
    PickForm,
    PlaceForm,
    TextForm,
)
from .facets import Chip, Facet, FacetFilter
from .filters import (
    Filter,
    HistoryFilter,
    PictureFilter,
    TimelineFilter,
    TrendFilter,
)
from .following import (
    FollowForm,
    NoticesForm,
    SubscriptionForm,
    WebhookForm,
    kinds_for,
    scope_of,
)
from .lists import NOUNS, ChangesFilter, EvidenceFilter, MeasureFilter
from .measures import CareForm, NoteForm
from .period import CompareForm, PeriodForm
from .search import SearchForm
from .sheets import SheetDecisionForm, SheetForm
from .time import TimeForm
from .tokens import TokenForm
from .uploads import UploadDecisionForm
from .views import SaveViewForm, ViewForm

__all__ = [
    "NOUNS",
    "BriefForm",
    "BundleDecisionForm",
    "BundleForm",
    "CareForm",
    "ChangesFilter",
    "Chip",
    "CitationForm",
    "CiteForm",
    "CompareForm",
    "CopyForm",
    "DecisionForm",
    "DraftForm",
    "EvidenceFilter",
    "EvidenceForm",
    "Facet",
    "FacetFilter",
    "Filter",
    "FindForm",
    "FollowForm",
    "FullCiteForm",
    "HistoryFilter",
    "InvitationForm",
    "InvitedForm",
    "LinesField",
    "MarkForm",
    "MeasureFilter",
    "NewEvidenceForm",
    "NoteForm",
    "NoticesForm",
    "PeriodForm",
    "PickForm",
    "PictureFilter",
    "PlaceForm",
    "SaveViewForm",
    "SearchForm",
    "SheetDecisionForm",
    "SheetForm",
    "StartForm",
    "SubscriptionForm",
    "TextForm",
    "TimeForm",
    "TimelineFilter",
    "TokenForm",
    "TrendFilter",
    "UploadDecisionForm",
    "ViewForm",
    "WebhookForm",
    "as_of_the_end",
    "kinds_for",
    "scope_of",
]
