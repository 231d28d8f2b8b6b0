"""A person's own tokens for the API."""

from http import HTTPStatus
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import workflow
from ..forms import TokenForm
from ..models import ApiToken
from .access import StaffRequest


@login_required
def tokens(request: StaffRequest) -> HttpResponse:
    """Those that there are, and a form for a new one, whose secret is shown this once."""
    if request.method != "POST":
        return _page(request, _blank(request))
    form = TokenForm(request.POST, person=request.user)
    if not form.is_valid():
        return _page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    made = workflow.make_token(by=request.user, **form.cleaned_data)
    if made is None:
        messages.info(request, _("This token was made already. Its secret cannot be shown again."))
        return redirect("tokens")
    _token, secret = made
    return _page(request, _blank(request), secret=secret)


def _blank(request: StaffRequest) -> TokenForm:
    return TokenForm(initial={"uid": uuid4()}, person=request.user)


def _page(
    request: StaffRequest, form: TokenForm, *, secret: str = "", status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    today = timezone.localdate()
    held = [(token, token.holds_on(today)) for token in ApiToken.objects.of(request.user)]
    context = {"form": form, "tokens": held, "secret": secret}
    return render(request, "measures/tokens.html", context, status=status)


@require_POST
@login_required
def token_revoke(request: StaffRequest, uid: UUID) -> HttpResponse:
    """End one of them now."""
    token = get_object_or_404(ApiToken.objects.of(request.user), uid=uid)
    if workflow.revoke_token(token, by=request.user):
        messages.success(request, _("Revoked. It opens nothing any more."))
    return redirect("tokens")
