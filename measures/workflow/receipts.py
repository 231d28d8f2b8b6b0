"""What a program asks for twice is done once."""

from collections.abc import Callable

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from ..models import ApiReceipt, User


class Reused(Exception):
    """The key of one request was sent with another one."""

    def __init__(self) -> None:
        super().__init__(
            _("This key was sent with another request before. Make a new one for each request.")
        )


@transaction.atomic
def once(
    act: Callable[[], models.Model], *, by: User, key: str, digest: str
) -> tuple[models.Model, bool]:
    """What `act` makes or changes, and whether that was done before under this key of the person.

    The receipt is written first: of two such requests at the same moment the second waits for the
    first. What fails leaves no receipt and may be sent again. Raises `Reused` where the `digest`
    of the request is another one.
    """
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
    done: models.Model = model._default_manager.get(pk=receipt.object_id)
    return done
