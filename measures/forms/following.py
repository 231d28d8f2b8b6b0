"""What people say of what they follow, of the notices they want, and of a webhook."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .. import method
from ..models import Body, Source, Subscription, User, Webhook
from ..models.fields import WrittenField, readable
from ..models.notice_choice import NOTICES
from ..models.subscription import USUAL_HOUR
from .filters import Named

MAIL = "mail"
HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]


class SubscriptionForm(forms.Form):
    """How often, when, in which language and how: of a subscription that there is, or a new one."""

    rhythm = forms.ChoiceField(choices=Subscription.Rhythm.choices, label=_("How often"))
    hour = forms.TypedChoiceField(
        choices=HOURS,
        coerce=int,
        label=_("At what hour"),
        help_text=_("Every day or every Monday, in the time zone of this site."),
    )
    language = forms.ChoiceField(choices=method.choices(method.LANGUAGES), label=_("Language"))
    by = forms.ChoiceField(label=_("How"), widget=Named)

    def __init__(self, data: Any, person: User, held: Subscription | None = None) -> None:
        now: dict[str, Any] = {
            "rhythm": held.rhythm if held else Subscription.Rhythm.WEEKLY,
            "hour": held.hour if held else USUAL_HOUR,
            "language": held.language if held else person.language,
            "by": str(held.webhook.uid) if held and held.webhook else MAIL,
        }
        super().__init__(data, initial=now)
        self.webhooks = {str(each.uid): each for each in Webhook.objects.of(person)}
        of: Any = self.fields
        of["by"].choices = [
            (MAIL, _("By e-mail")),
            *((uid, each.name) for uid, each in self.webhooks.items()),
        ]
        if not self.webhooks:
            of["by"].required, of["by"].widget = False, forms.HiddenInput()

    @property
    def told(self) -> dict[str, Any]:
        """What was said, as the fields of a subscription."""
        told = {name: self.cleaned_data[name] for name in ("rhythm", "hour", "language")}
        return told | {"webhook": self.webhooks.get(self.cleaned_data["by"])}


class FollowForm(SubscriptionForm):
    """A new one. What it follows comes with the page that it is followed from."""

    uid = forms.UUIDField(widget=forms.HiddenInput)
    source = forms.CharField(
        required=False, max_length=80, validators=[readable], widget=forms.HiddenInput
    )
    subject = forms.ChoiceField(choices=Subscription.Subject.choices, widget=forms.HiddenInput)
    name = forms.CharField(
        required=False, max_length=120, validators=[readable], widget=forms.HiddenInput
    )

    def clean(self) -> dict[str, Any]:
        """The source, and of it the theme, body or measure that is meant."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return told
        scope = scope_of(told["source"], told["subject"], told["name"])
        if scope is None:
            raise forms.ValidationError(_("There is nothing of this name to follow."))
        return told | {"scope": scope}

    @property
    def told(self) -> dict[str, Any]:
        """The same as above, with what is followed."""
        subject = {"uid": self.cleaned_data["uid"], "subject": self.cleaned_data["subject"]}
        return super().told | subject | self.cleaned_data["scope"]


def scope_of(slug: str, subject: str, name: str) -> dict[str, Any] | None:
    """The source and what is meant of it, as fields of a subscription; None where there is none."""
    source = Source.objects.named(slug)
    if source is None:
        return None
    if subject == Subscription.Subject.REGISTER:
        return {"source": source}
    found: Any = {
        Subscription.Subject.THEME: lambda: source.themes.filter(slug=name).first(),
        Subscription.Subject.BODY: lambda: Body.objects.filter(slug=name).first(),
        Subscription.Subject.MEASURE: lambda: source.measures.filter(code=name).first(),
    }
    one = found[subject]() if subject in found else None
    return None if one is None else {"source": source, subject: one}


class NoticesForm(forms.Form):
    """Which notices a person wants; one switch a kind."""

    def __init__(self, data: Any, person: User, wanted: dict[str, bool]) -> None:
        super().__init__(data, initial=wanted, auto_id="notice_%s")
        for kind in kinds_for(person):
            self.fields[kind] = forms.BooleanField(required=False, label=NOTICES[kind][0])


def kinds_for(person: User) -> Iterable[str]:
    """The notices that somebody with these rights can get at all."""
    rights = {
        "mention": "view_journalnote",
        "returned": "add_draft",
        "review": "add_draft",
        "submitted": "approve_draft",
    }
    return [kind for kind in NOTICES if person.has_perm(f"measures.{rights[kind]}")]


class WebhookForm(forms.Form):
    """A name, and an address that is of the public and takes https."""

    uid = forms.UUIDField(widget=forms.HiddenInput)
    name = WrittenField(lines=False, max_length=60, label=_("What it is for"))
    address = WrittenField(
        lines=False,
        max_length=500,
        label=_("Address"),
        help_text=_("It begins with https:// and belongs to a machine that the public can reach."),
        widget=forms.URLInput,
    )

    def clean_address(self) -> str:
        """Only https: what is sent is nobody else's business."""
        address: str = self.cleaned_data["address"]
        if not address.startswith("https://"):
            raise forms.ValidationError(_("Write an address that begins with https://."))
        return address
