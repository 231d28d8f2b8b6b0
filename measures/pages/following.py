"""What a person follows, how they are told of it, and the way out that works for everybody."""

from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from .. import workflow
from ..forms import FollowForm, NoticesForm, SubscriptionForm, kinds_for, scope_of
from ..models import NoticeChoice, Subscription
from .access import StaffRequest


@login_required
def subscriptions(request: StaffRequest) -> HttpResponse:
    """What they follow; asked for something that they do not follow yet, a form to follow it."""
    if request.method != "POST":
        return _page(request, _blank(request))
    form = FollowForm(request.POST, request.user)
    if not form.is_valid():
        return _page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if workflow.follow(by=request.user, **form.told):
        messages.success(request, _("You follow it from now on."))
    else:
        messages.info(request, _("You follow it already."))
    return redirect("subscriptions")


def _blank(request: StaffRequest) -> FollowForm:
    """A form for what the address names: ?subject=theme&name=courts&source=speech."""
    form = FollowForm(None, request.user)
    asked = {name: request.GET.get(name, "")[:120] for name in ("source", "subject", "name")}
    asked["subject"] = asked["subject"] or Subscription.Subject.REGISTER
    form.initial.update(asked, uid=uuid4())
    return form


def _page(
    request: StaffRequest, form: FollowForm, *, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    person = request.user
    asked = {name: str(form[name].value() or "") for name in ("source", "subject", "name")}
    scope = scope_of(asked["source"], asked["subject"], asked["name"])
    if scope is None and not form.is_bound and asked["name"]:
        raise Http404(_("There is nothing of this name to follow."))
    held = list(Subscription.objects.of(person))
    meant = Subscription(subject=asked["subject"], **scope) if scope else None
    wanted = NoticeChoice.objects.wanted_by(person)
    context: dict[str, Any] = {
        "form": form,
        "meant": meant,
        "follows_it": any(meant and each.followed == meant.followed for each in held),
        "subscriptions": held,
        "notices": NoticesForm(None, person, wanted),
        "invites": person.has_perm("measures.add_user"),
    }
    return render(request, "measures/subscriptions.html", context, status=status)


@login_required
def subscription_edit(request: StaffRequest, uid: UUID) -> HttpResponse:
    """How often, when, in which language and how."""
    held = get_object_or_404(Subscription.objects.of(request.user), uid=uid)
    form = SubscriptionForm(request.POST or None, request.user, held)
    if form.is_valid():
        workflow.change_subscription(held, **form.told)
        messages.success(request, _("Saved."))
        return redirect("subscriptions")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    context = {"form": form, "subscription": held}
    return render(request, "measures/subscription_edit.html", context, status=status)


@require_POST
@login_required
def subscription_pause(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Stop for a while, or go on."""
    held = get_object_or_404(Subscription.objects.of(request.user), uid=uid)
    if workflow.pause(held):
        messages.success(request, _("Paused. Nothing is sent until you go on."))
    else:
        messages.success(request, _("It goes on, and tells what changed meanwhile."))
    return redirect("subscriptions")


@require_POST
@login_required
def subscription_delete(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Follow it no more."""
    held = get_object_or_404(Subscription.objects.of(request.user), uid=uid)
    workflow.stop_following(held)
    messages.success(request, _("You follow it no more."))
    return redirect("subscriptions")


@require_POST
@login_required
def notices(request: StaffRequest) -> HttpResponse:
    """Which notices they want; a switch that was not offered to them stays as it is."""
    wanted = {kind: bool(request.POST.get(kind)) for kind in kinds_for(request.user)}
    workflow.choose_notices(wanted, by=request.user)
    messages.success(request, _("Saved."))
    return redirect("subscriptions")


# The signed words are the right: mail programs ask without cookies, and for people who are gone.
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, signed: str) -> HttpResponse:
    """A page with a button; what is sent stops at once (RFC 8058). A mere look stops nothing."""
    if not workflow.leads_out(signed):
        raise Http404(_("This link is not whole. Copy all of it from the mail."))
    done = request.method == "POST" and workflow.unsubscribe(signed)
    response = render(request, "measures/unsubscribe.html", {"done": done})
    response["Cache-Control"] = "no-store, private"
    return response
