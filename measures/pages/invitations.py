"""Invitations: an administrator sends them, the person invited makes their account."""

from http import HTTPStatus
from uuid import UUID, uuid4

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.mail import send_mail
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from .. import workflow
from ..forms import InvitationForm, InvitedForm
from ..models import Invitation, site_name
from .access import StaffRequest, on_the_desk


@on_the_desk("add_user")
def invitations(request: StaffRequest) -> HttpResponse:
    """Those that there are, and a form for a new one, whose link is shown this once."""
    if request.method != "POST":
        return _page(request, InvitationForm(initial={"uid": uuid4()}))
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        made = workflow.invite(by=request.user, **form.cleaned_data)
    except workflow.Refused as refusal:
        form.add_error("email", str(refusal))
        return _page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if made is None:
        messages.info(request, _("This invitation was sent already."))
        return redirect("invitations")
    link = request.build_absolute_uri(reverse("invitation-accept", args=[workflow.link_of(made)]))
    sent = _send(made, link)
    return _page(request, InvitationForm(initial={"uid": uuid4()}), made=made, link=link, sent=sent)


def _send(invitation: Invitation, link: str) -> bool:
    """Whether the mail went out; where it did not, the link on the page is handed over."""
    context = {"invitation": invitation, "link": link, "site": site_name()}
    text = render_to_string("account/email/invitation.txt", context)
    subject = _("Your account: %(site)s") % {"site": site_name()}
    try:
        return bool(send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [invitation.email]))
    except OSError:  # As smtplib's own errors are.
        return False


def _page(
    request: StaffRequest,
    form: InvitationForm,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    **told: object,
) -> HttpResponse:
    now = timezone.now()
    rows = [(each, each.is_open(now)) for each in Invitation.objects.newest_first()[:200]]
    context = {"form": form, "invitations": rows, **told}
    return render(request, "measures/invitations.html", context, status=status)


@require_POST
@on_the_desk("add_user")
def invitation_withdraw(request: StaffRequest, uid: UUID) -> HttpResponse:
    """End one of them now."""
    invitation = get_object_or_404(Invitation, uid=uid)
    if workflow.withdraw_invitation(invitation, by=request.user):
        messages.success(request, _("Withdrawn. Its link opens nothing any more."))
    return redirect("invitations")


@login_not_required
@sensitive_post_parameters()
def invitation_accept(request: HttpRequest, link: str) -> HttpResponse:
    """A name and a password for somebody who was invited; then they are signed in."""
    invitation = workflow.invited_by_link(link)
    if invitation is None or request.user.is_authenticated:
        return _ended(request)
    form = InvitedForm(request.POST or None)
    if form.is_valid():
        names = ("username", "display_name", "password")
        told = {name: form.cleaned_data[name] for name in names}
        try:
            person = workflow.accept_invitation(invitation, **told)
        except IntegrityError:
            form.add_error("username", _("This user name is taken. Choose another one."))
        else:
            return perform_login(request, person) if person else _ended(request)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    context = {"form": form, "invitation": invitation}
    return _unseen(render(request, "measures/invitation_accept.html", context, status=status))


def _ended(request: HttpRequest) -> HttpResponse:
    signed_in = request.user.is_authenticated
    context = {"invitation": None, "signed_in": signed_in}
    status = HTTPStatus.FORBIDDEN if signed_in else HTTPStatus.GONE
    return _unseen(render(request, "measures/invitation_accept.html", context, status=status))


def _unseen(response: HttpResponse) -> HttpResponse:
    """Kept by no cache: the address is the key."""
    response["Cache-Control"] = "no-store, private"
    return response
