"""The nouns of the register, one per file."""

from .api_receipt import ApiReceipt
from .api_token import ApiToken
from .attachment import Attachment
from .body import Body
from .citation import Citation
from .draft import Draft
from .evidence import Evidence
from .finding import Finding
from .frozen import FrozenCitation
from .installation import Installation, is_offered, site_name
from .invitation import Invitation
from .job_run import JobRun
from .journal_note import JournalNote, Mention
from .keyset import beyond, following
from .languages import Words, in_order, otherwise, said
from .link_check import LinkCheck
from .measure import Measure
from .message import Message, Reminder
from .method_text import MethodText
from .notice_choice import NoticeChoice
from .passage import Passage
from .past import value_at
from .record_entry import RecordEntry
from .roles import role_name
from .saved_view import SavedView, StartPage
from .search_doc import SearchDoc
from .source import Source
from .subscription import Subscription
from .theme import Theme
from .turnover import BEGINNING, DAY, MONTH, Turnover
from .user import User
from .webhook import Delivery, Webhook

__all__ = [
    "BEGINNING",
    "DAY",
    "MONTH",
    "ApiReceipt",
    "ApiToken",
    "Attachment",
    "Body",
    "Citation",
    "Delivery",
    "Draft",
    "Evidence",
    "Finding",
    "FrozenCitation",
    "Installation",
    "Invitation",
    "JobRun",
    "JournalNote",
    "LinkCheck",
    "Measure",
    "Mention",
    "Message",
    "MethodText",
    "NoticeChoice",
    "Passage",
    "RecordEntry",
    "Reminder",
    "SavedView",
    "SearchDoc",
    "Source",
    "StartPage",
    "Subscription",
    "Theme",
    "Turnover",
    "User",
    "Webhook",
    "Words",
    "beyond",
    "following",
    "in_order",
    "is_offered",
    "otherwise",
    "role_name",
    "said",
    "site_name",
    "value_at",
]
