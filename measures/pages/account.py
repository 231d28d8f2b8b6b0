"""A person's own account: how they sign in, from where, and what they gave programs."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from .. import workflow
from ..models import ApiToken
from .access import StaffRequest


@login_required
def account(request: StaffRequest) -> HttpResponse:
    """Everything about it on one page, with the way to change each."""
    person = request.user
    factors = workflow.factors_of(person)
    today = timezone.localdate()
    context = {
        "totp": factors.count(Authenticator.Type.TOTP),
        "passkeys": factors.count(Authenticator.Type.WEBAUTHN),
        "codes": factors.count(Authenticator.Type.RECOVERY_CODES),
        "sessions": len(UserSession.objects.purge_and_list(person)),
        "tokens": sum(token.holds_on(today) for token in ApiToken.objects.of(person)),
        "invites": person.has_perm("measures.add_user"),
        "roles": person.groups.all(),
    }
    return render(request, "measures/account.html", context)
