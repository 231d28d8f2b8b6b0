"""What a program asks for twice is done once."""

from collections.abc import Callable
from datetime import timedelta

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import ApiReceipt, User

# A program that lost the answer tries again within minutes, one that waits for a person or for the
# night within a day. Older receipts go when the person's next one is written.
RECEIPTS_KEPT = timedelta(hours=24)


class Reused(Exception):
    """The key of one request was sent with another one."""

    def __init__(self) -> None:
        super().__init__(
            _("This key was sent with another request before. Make a new one for each request.")
        )


class Gone(Exception):
    """What the request did under this key was taken away since."""

    def __init__(self) -> None:
        super().__init__(
            _("What this request made has been deleted since. Make a new key to make it again.")
        )


@transaction.atomic
def once(
    act: Callable[[], models.Model], *, by: User, key: str, digest: str
) -> tuple[models.Model, bool]:
    """What `act` makes or changes, and whether that was done before under this key of the person.

    The receipt is written first: of two such requests at the same moment the second waits for the
    first. What fails leaves no receipt and may be sent again. Raises `Reused` where the `digest`
    of the request is another one, `Gone` where what was done is no longer there.
    """
    ApiReceipt.objects.of(by).before(timezone.now() - RECEIPTS_KEPT).delete()
    receipt = ApiReceipt(person=by, key=key, digest=digest)
    try:
        with transaction.atomic():
            receipt.save(force_insert=True)
    except IntegrityError:
        return _done_before(ApiReceipt.objects.held(by, key), digest), True
    done = act()
    receipt.noun, receipt.object_id = str(done._meta.model_name), done.pk
    receipt.save(update_fields=["noun", "object_id"])
    return done, False


def _done_before(receipt: ApiReceipt, digest: str) -> models.Model:
    if receipt.digest != digest:
        raise Reused
    model = apps.get_model("measures", receipt.noun)
    done: models.Model | None = model._default_manager.filter(pk=receipt.object_id).first()
    if done is None:
        raise Gone
    return done
