"""Webhooks of administrators: made, tried, looked after and deleted."""

from http import HTTPStatus
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import outbox, workflow
from ..forms import WebhookForm
from ..models import Message, Webhook
from .access import StaffRequest, on_the_desk

SHOWN = 50
ADMINISTRATORS = "add_user"


@on_the_desk(ADMINISTRATORS)
def webhooks(request: StaffRequest) -> HttpResponse:
    """Those that they made, and a form for a new one, whose secret is shown this once."""
    if request.method != "POST":
        return _page(request, WebhookForm(initial={"uid": uuid4()}))
    form = WebhookForm(request.POST)
    if form.is_valid() and not outbox.may_be_asked(form.cleaned_data["address"]):
        form.add_error("address", _("This address cannot be asked. Write one of the public web."))
    if not form.is_valid():
        return _page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    made = workflow.make_webhook(by=request.user, **form.cleaned_data)
    if made is None:
        messages.info(request, _("It was made already. Its secret cannot be shown again."))
        return redirect("webhooks")
    _webhook, secret = made
    return _page(request, WebhookForm(initial={"uid": uuid4()}), secret=secret)


def _page(
    request: StaffRequest,
    form: WebhookForm,
    *,
    secret: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    held = Webhook.objects.of(request.user)
    context = {"form": form, "webhooks": held, "secret": secret}
    return render(request, "measures/webhooks.html", context, status=status)


@on_the_desk(ADMINISTRATORS)
def webhook_detail(request: StaffRequest, uid: UUID) -> HttpResponse:
    """What was sent, when, and what the machine answered."""
    webhook = get_object_or_404(Webhook.objects.of(request.user), uid=uid)
    sent = Message.objects.to(webhook).prefetch_related("deliveries")[:SHOWN]
    context = {
        "webhook": webhook,
        "log": sent,
        "followed": webhook.subscriptions.in_full(),
    }
    return render(request, "measures/webhook_detail.html", context)


@require_POST
@on_the_desk(ADMINISTRATORS)
def webhook_test(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Send a message that tells nothing, now."""
    webhook = get_object_or_404(Webhook.objects.of(request.user), uid=uid)
    message = workflow.try_webhook(webhook, by=request.user, uid=uuid4())
    return _tried(request, webhook, message)


@require_POST
@on_the_desk(ADMINISTRATORS)
def message_again(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Send a message once more, now: under the same id, so that the machine can tell."""
    message = get_object_or_404(Message.objects.to_machines_of(request.user), uid=uid)
    message.again(timezone.now())
    return _tried(request, message.webhook, message)


def _tried(request: StaffRequest, webhook: Webhook | None, message: Message | None) -> HttpResponse:
    if message and outbox.send_one(message) == "sent":
        messages.success(request, _("The machine took it."))
    else:
        messages.warning(request, _("The machine did not take it. The list below says why."))
    return redirect("webhook-detail", uid=webhook.uid if webhook else None)


@require_POST
@on_the_desk(ADMINISTRATORS)
def webhook_delete(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Tell this machine nothing more."""
    webhook = get_object_or_404(Webhook.objects.of(request.user), uid=uid)
    workflow.delete_webhook(webhook, by=request.user)
    messages.success(request, _("Deleted. Nothing is sent there any more."))
    return redirect("webhooks")
