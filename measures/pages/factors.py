"""Second factors: asked of those who decide, sealed, and every change of them kept."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from allauth.mfa import signals
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from .. import record, workflow
from ..models import site_name
from ..seals import Unreadable, seal, unseal
from .language import plain

# What a person needs to set one up, and to leave.
OPEN = ("/accounts/2fa/", "/accounts/reauthenticate/", "/accounts/logout/")


class Sealed(DefaultMFAAdapter):
    """Seeds lie in the database under the key of the installation, which does not."""

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def get_totp_issuer(self) -> str:
        """What an authenticator app calls us."""
        return site_name()


class SecondFactorMiddleware:
    """With `REQUIRE_MFA=on`, who reviews or administers sets up a second factor before all else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Machines are answered by the API itself.
        open_to_all = plain(request.path_info).startswith((*OPEN, "/api/", "/language/"))
        if open_to_all or not workflow.owes_factor(request.user):
            return self.get_response(request)
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(reverse("mfa_index"))
        messages.warning(
            request, _("Your role needs a second factor. Set one up; then everything else opens.")
        )
        return redirect("mfa_index")

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """Where a page, not a form, wants to read a factor sealed under another key."""
        if not isinstance(fault, Unreadable):
            return None
        context = {"told": fault.messages[0]}
        status = HTTPStatus.CONFLICT
        return render(request, "account/unreadable.html", context, status=status)


# The library tells of these changes in no other way.
@receiver([signals.authenticator_added, signals.authenticator_reset], dispatch_uid="factor.added")
def factor_added(user: Any, authenticator: Any, **_told: Any) -> None:
    """Of which kind it is; nothing that opens anything."""
    with transaction.atomic():
        record.noted(user, {"second_factor_added": authenticator.type}, by=user)


@receiver(signals.authenticator_removed, dispatch_uid="factor.removed")
def factor_removed(user: Any, authenticator: Any, **_told: Any) -> None:
    """Of which kind it was."""
    with transaction.atomic():
        record.noted(user, {"second_factor_removed": authenticator.type}, by=user)
