"""The closed door: who comes in with a password or through a provider, and who is locked out."""

import ipaddress
import logging
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from axes.helpers import get_cool_off
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from .. import record, workflow
from ..models import Installation, SavedView, User, site_name

logger = logging.getLogger(__name__)

LONGEST_NAME = 254


class ClosedDoor(DefaultAccountAdapter):
    """Nobody signs up by themselves, and a new password is in the record."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    @transaction.atomic
    def set_password(self, user: User, password: str) -> None:
        """Change or reset, by the person: that it was done, never what it was."""
        super().set_password(user, password)
        record.noted(user, {"password": "new"}, by=user)

    def format_email_subject(self, subject: str) -> str:
        """Our name first, where we have one of our own; else the host, as the library does."""
        if Installation.objects.current().is_named:
            return f"[{site_name()}] {subject}"
        return str(super().format_email_subject(subject))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where the person chose to start; only asked where the sign-in was not on the way."""
        person: Any = request.user
        view = SavedView.objects.start_of(person)
        return view.get_absolute_url() if view else str(super().get_login_redirect_url(request))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language of whoever gets it, where that is known, and in our name.

        Where mail cannot be sent, the page answers all the same: a notice is not worth losing what
        it tells of, and an error for known addresses alone would tell which are known.
        """
        with translation.override(_language_of(context.get("user"))):
            if Installation.objects.current().is_named:
                ours = SimpleNamespace(name=site_name(), domain=self.request.get_host())
                context = {"current_site": ours, **context}
            try:
                super().send_mail(template_prefix, email, context)
            except OSError as error:  # As smtplib's own errors are.
                logger.error("A mail to a person was not sent: %s", type(error).__name__)

    def send_notification_mail(
        self, template_prefix: str, user: User, context: Any = None, email: str | None = None
    ) -> None:
        """That a password or a factor is another one, in the language of whoever it tells."""
        context = {"user": user, **(context or {})}
        super().send_notification_mail(template_prefix, user, context, email)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request) or super().get_client_ip(request)


def _language_of(person: User | None) -> str | None:
    """The code of the person's language; of the page, where nobody is known."""
    if person is None:
        return translation.get_language()
    return next(code for code, _name in settings.LANGUAGES if code.startswith(person.language))


class NameOrAddress(AuthenticationBackend):
    """A password with a user name or an e-mail address, hashed once whoever it is."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Any:
        """An address comes both as name and as address, and a known one would be hashed twice."""
        if credentials.get("email") == credentials.get("username"):
            credentials.pop("email", None)
        return super().authenticate(request, **credentials)

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Those of the person and of their groups in one question; Django asks two."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if not hasattr(user_obj, "_perm_cache"):
            user_obj._perm_cache = user_obj.rights()
        return set(user_obj._perm_cache)


class ByInvitation(DefaultSocialAccountAdapter):
    """Through the provider come those who have an account, or an invitation to one.

    Both are found by the e-mail address, which the provider must have confirmed: otherwise anybody
    could give somebody else's.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if sociallogin.state.get("process") not in (None, "login"):
            raise ImmediateHttpResponse(_refused(request, _("Accounts are joined by signing in.")))
        if sociallogin.is_existing:
            return
        confirmed = [each.email for each in sociallogin.email_addresses if each.verified]
        if not confirmed:
            told = _("The provider has not confirmed your e-mail address. Confirm it there first.")
            raise ImmediateHttpResponse(_refused(request, told))
        person = _named(confirmed[0])
        if person is None:
            told = _("There is no account here for your address. Ask an administrator for one.")
            raise ImmediateHttpResponse(_refused(request, told))
        with transaction.atomic():
            sociallogin.connect(request, person)
            record.noted(person, {"provider": sociallogin.account.provider}, by=person)


def _named(address: str) -> User | None:
    """The person with this address, whose account is made now if they were invited.

    Nobody where two have it: which of them came in cannot be told.
    """
    people = list(User.with_address(address)[:2])
    if people:
        return people[0] if len(people) == 1 else None
    invitation = workflow.invited_by_address(address)
    if invitation is None:
        return None
    name = User.free_name(address.partition("@")[0])
    return workflow.accept_invitation(invitation, username=name, display_name=name, password=None)


def _refused(request: HttpRequest, told: str) -> HttpResponse:
    context = {"told": told}
    return render(request, "account/refused.html", context, status=HTTPStatus.FORBIDDEN)


def client_address(request: HttpRequest) -> str | None:
    """The address of whoever asks.

    Behind a proxy that is believed, the last hop of X-Forwarded-For: the one that the proxy itself
    has written, where those before it can be made up.
    """
    told = request.META.get("REMOTE_ADDR", "")
    if settings.TRUST_PROXY:
        told = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or told
    try:
        return str(ipaddress.ip_address(told))
    except ValueError:
        return None


def name_tried(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The user name that somebody tries, whether they gave it or its e-mail address.

    In one case and one form, so that every spelling counts as the same name.
    """
    told = credentials or request.POST
    name = told.get("username") or told.get("email") or request.POST.get("login") or ""
    name = str(name).replace("\0", "")[:LONGEST_NAME]
    person = User.with_address(name).first() if "@" in name else None
    return (person.username if person else name).casefold()


def locked_out(request: HttpRequest, *_told: Any) -> HttpResponse:
    """After too many wrong passwords: for whom is not said, nor whether there is such a name."""
    pause = get_cool_off(request)
    seconds = int(pause.total_seconds()) if pause else 0
    response = render(
        request,
        "account/locked_out.html",
        {"minutes": -(-seconds // 60)},
        status=HTTPStatus.TOO_MANY_REQUESTS,
    )
    response["Retry-After"] = str(seconds)
    return response
