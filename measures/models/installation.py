import base64
import binascii
import hashlib
from time import monotonic
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import Error, models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .. import colours
from .fields import LineField, ProseField, TermField
from .languages import said
from .tracked import Tracked

# What it is called where nobody has named it.
PRODUCT = "IPR Tracker"
# The papers of the stylesheet, and what stands on a button in the colour.
LIGHT_PAPERS = ("#fbfaf7", "#ffffff")
DARK_PAPERS = ("#12161c", "#1a2028", "#0c1116")
LARGEST = 200 * 1024  # Bytes of a logo, which every page shows.
KINDS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
OFFERED = {"both": ("en", "zh-hans"), "en": ("en",), "zh": ("zh-hans",)}
# Seconds for which one process goes on with what it read: no page asks for it anew.
WORTH = 10


def reachable(value: str) -> None:
    """Refuse what nobody can write to or open."""
    if value.startswith("https://"):
        URLValidator(schemes=["https"])(value)
        return
    try:
        validate_email(value)
    except ValidationError:
        sentence = _("Write an e-mail address, or the address of a page that begins with https://.")
        raise ValidationError(sentence, code="contact") from None


def hexadecimal(value: str) -> None:
    """Refuse what is no colour of a stylesheet."""
    if not colours.HEX.fullmatch(value):
        raise ValidationError(_("Write a colour as #0b4f8a."), code="colour")


def kind_of_logo(content: bytes) -> str:
    """The type of the picture; raises `ValidationError` where it is too large or none we show."""
    if len(content) > LARGEST:
        raise ValidationError(_("A logo has at most 200 kB; every page shows it."), code="size")
    for kind, beginning in KINDS.items():
        if content.startswith(beginning):
            return kind
    raise ValidationError(_("A logo is a PNG or JPEG file."), code="kind")


class InstallationManager(models.Manager["Installation"]):
    """`current` is asked for by every page, and asks the database once in ten seconds."""

    def current(self) -> "Installation":
        """How this installation presents itself; where the database is away, as last known."""
        global _known
        if _known is None or monotonic() - _known[0] > WORTH:
            try:
                found = self.defer("logo").first() or Installation()
            except Error:
                found = self.last_known()
            _known = monotonic(), found
        return _known[1]

    def last_known(self) -> "Installation":
        """The same, without a question to the database."""
        return _known[1] if _known else Installation()

    def hold(self) -> None:
        """Go on with what is known for a while: the database is away."""
        global _known
        _known = monotonic(), self.last_known()

    def forget(self) -> None:
        """Read it anew for the next page."""
        global _known
        _known = None


_known: "tuple[float, Installation] | None" = None


class Installation(Tracked):
    """How this installation presents itself: one row, or none where nobody has changed anything."""

    name = LineField(_("name"), max_length=60, blank=True)
    name_zh = LineField(_("name (zh)"), max_length=60, blank=True)
    contact = LineField(_("contact"), max_length=200, blank=True, validators=[reachable])
    languages = TermField(
        _("languages on offer"),
        default="both",
        choices=[
            ("both", _("English and Chinese")),
            ("en", _("English only")),
            ("zh", _("Chinese only")),
        ],
    )
    accent = LineField(_("colour of links"), max_length=7, blank=True, validators=[hexadecimal])
    accent_dark = LineField(
        _("colour of links on dark paper"), max_length=7, blank=True, validators=[hexadecimal]
    )
    home = ProseField(_("words on the first page"), max_length=2000, blank=True)
    home_zh = ProseField(_("words on the first page (zh)"), max_length=2000, blank=True)
    logo_hash = models.CharField(_("logo"), max_length=64, blank=True, editable=False)
    logo_kind = models.CharField(_("kind of the logo"), max_length=10, blank=True, editable=False)
    # Base64, here and not in a folder, so that every machine has it and a backup, too.
    logo = models.TextField(_("content of the logo"), blank=True, editable=False)

    not_recorded = frozenset({"version", "logo"})  # Its hash is.

    objects = InstallationManager()

    class Meta:
        verbose_name = _("installation")
        verbose_name_plural = _("installation")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="installation_is_one"),
            models.CheckConstraint(
                condition=models.Q(languages__in=list(OFFERED)), name="installation_languages_known"
            ),
        ]

    def __str__(self) -> str:
        return said(self, "name").text or PRODUCT

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The one row; a second one is refused by the database."""
        if self._state.adding:
            self.pk = 1
            kwargs["force_insert"] = True
        super().save(*args, **kwargs)
        Installation.objects.forget()

    def clean(self) -> None:
        """Both colours can be read on all that they stand on."""
        super().clean()
        told = {
            "accent": (self.accent, LIGHT_PAPERS, _("light paper")),
            "accent_dark": (self.accent_dark, DARK_PAPERS, _("dark paper")),
        }
        refused: dict[str, Any] = {}
        for field, (colour, papers, where) in told.items():
            if not colours.HEX.fullmatch(colour):
                continue
            reached = colours.weakest(colour, papers)
            if reached < colours.READABLE:
                refused[field] = _(
                    "On %(paper)s this colour has a contrast of %(reached)s to 1; links want 4.5 "
                    "to 1 at least. Choose a darker one for light paper, a lighter one for dark."
                ) % {"paper": where, "reached": f"{reached:.1f}"}
        if self.accent_dark and not self.accent:
            refused["accent"] = _("Choose the colour on light paper, too.")
        if refused:
            raise ValidationError(refused)

    @property
    def record_key(self) -> str:
        return "installation"

    @property
    def is_named(self) -> bool:
        """Whether it has a name of its own."""
        return bool(self.name or self.name_zh)

    @property
    def accents(self) -> tuple[str, str] | None:
        """The colour on light and on dark paper, where one was chosen."""
        if not self.accent:
            return None
        return self.accent, self.accent_dark or colours.lightened(self.accent, DARK_PAPERS)

    @property
    def is_mail(self) -> bool:
        """Whether the contact is written to, not opened."""
        return "@" in self.contact and not self.contact.startswith("https://")

    @property
    def look(self) -> str:
        """A name for the stylesheet of its own: another one whenever it reads otherwise.

        Empty where it has none. The name stands in it, too, for the margin of a printed page.
        """
        if not (self.accent or self.is_named):
            return ""
        told = repr((str(self), self.accents))
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    @property
    def language_codes(self) -> tuple[str, ...]:
        """The codes of the languages that readers may choose from."""
        return OFFERED.get(self.languages, OFFERED["both"])

    def take_logo(self, content: bytes) -> None:
        """Make these bytes the logo, or none of them its absence; raises `ValidationError`."""
        self.logo_kind = kind_of_logo(content) if content else ""
        self.logo_hash = hashlib.sha256(content).hexdigest() if content else ""
        self.logo = base64.b64encode(content).decode()

    def logo_content(self) -> bytes:
        """The bytes of the logo; empty where there is none, or other ones than the record has."""
        try:
            content = base64.b64decode(self.logo, validate=True)
        except (binascii.Error, ValueError):
            return b""
        return content if hashlib.sha256(content).hexdigest() == self.logo_hash else b""


def site_name() -> str:
    """What this installation is called, in the reader's language where it has a name in it."""
    return str(Installation.objects.current())


def is_offered(code: str | None = None) -> bool:
    """Whether readers are offered this language, the present one if none is named."""
    return (code or get_language() or "en") in Installation.objects.current().language_codes
