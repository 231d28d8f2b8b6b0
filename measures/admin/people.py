"""Accounts and their roles. Nobody is deleted: the record still names them."""

from collections import defaultdict
from http import HTTPStatus
from typing import Any

# From the modules that register them, so that they are there to be taken away below.
from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from allauth.socialaccount.admin import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.admin import UserSession
from axes.admin import (
    AccessAttempt,
    AccessAttemptAdmin,
    AccessFailureLog,
    AccessLog,
    IsLockedOutFilter,
)
from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    AdminUserCreationForm,
    SetUnusablePasswordMixin,
    UserChangeForm,
)
from django.contrib.auth.models import Group
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from .. import record, workflow
from ..models import User, role_name
from ..text import listed
from .tracked import ReadOnly, RecordedAdmin

VERBS = {
    "add": _("add"),
    "approve": _("approve"),
    "change": _("change"),
    "delete": _("delete"),
    "view": _("view"),
}
# Said by Django and by axes, which bring no Chinese for it: the catalogue does.
BORROWED = (
    gettext_noop("Error:"),
    gettext_noop("Model name"),
    gettext_noop("Add link"),
    gettext_noop("Change or view list link"),
    gettext_noop("After you’ve created a user, you’ll be able to edit more user options."),
    gettext_noop(
        "Whether the user will be able to authenticate using a password or not. If disabled, they "
        "may still be able to authenticate using other backends, such as Single Sign-On or LDAP."
    ),
    gettext_noop("access attempt"),
    gettext_noop("access attempts"),
    gettext_noop("Attempt Time"),
    gettext_noop("Failed Logins"),
    gettext_noop("IP Address"),
    gettext_noop("Username"),
    gettext_noop("Locked Out"),
    gettext_noop("Yes"),
    gettext_noop("No"),
)

# One place for an address: the account. Changes to this second one would bypass the record.
admin.site.unregister(EmailAddress)
admin.site.unregister(Group)
# What opens an account, and from where somebody came in, is for its owner alone to see; providers
# are told by the environment; attempts have a page of ours below.
for model in (Authenticator, SocialAccount, SocialApp, SocialToken, UserSession):
    admin.site.unregister(model)
for model in (AccessAttempt, AccessFailureLog, AccessLog):
    admin.site.unregister(model)


apps.get_app_config("axes").verbose_name = _("Wrong passwords")


def _attempt(attempt: AccessAttempt) -> str:
    told = {"name": attempt.username, "address": attempt.ip_address}
    return gettext("%(name)s from %(address)s") % told


AccessAttempt.__str__ = _attempt


class RoleChoice(forms.ModelMultipleChoiceField):
    """Pick roles by their names in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return role_name(obj)


class RoleFilter(admin.RelatedFieldListFilter):
    """The same for a filter."""

    def field_choices(self, field: Any, request: Any, model_admin: Any) -> Any:
        return [(role.pk, role_name(role)) for role in Group.objects.order_by("name")]


class PasswordForm(AdminPasswordChangeForm):
    """Its help in the reader's language: Django puts that together once, in English."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if usable := self.fields.get("usable_password"):
            usable.help_text = format_html(
                '<p>{}</p><ul id="id_unusable_warning" class="messagelist">'
                '<li class="warning">{}</li></ul>',
                SetUnusablePasswordMixin.usable_password_help_text,
                gettext("If disabled, the current password for this user will be lost."),
            )


class NewPersonForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("username",)


class PersonForm(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"


@admin.register(User)
class PersonAdmin(RecordedAdmin, UserAdmin):
    form = PersonForm
    add_form = NewPersonForm
    change_password_form = PasswordForm
    list_display = (
        "username",
        "display_name",
        "email",
        "roles",
        "is_active",
        "is_staff",
        "is_system",
    )
    list_filter = (("groups", RoleFilter), "is_active", "is_staff", "is_superuser", "is_system")
    search_fields = ("username", "display_name", "email", "=opaque_id")
    readonly_fields = ("opaque_id", "is_system", "last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("display_name", "email", "language")}),
        (
            _("Rights"),
            {
                "fields": ("is_active", "is_staff", "groups"),
                "description": _(
                    "Whoever leaves is made inactive, not deleted: the record keeps naming them."
                ),
            },
        ),
        (_("In the record"), {"fields": ("opaque_id", "is_system", "date_joined", "last_login")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "usable_password", "password1", "password2")}),
        (_("Person"), {"fields": ("display_name", "email", "language")}),
        (_("Rights"), {"fields": ("is_staff", "groups")}),
    )

    actions = ("reset_factors",)

    @admin.action(
        description=_("Take away the second factors of whoever lost theirs"), permissions=["change"]
    )
    def reset_factors(self, request: Any, queryset: models.QuerySet[User]) -> None:
        """Each person sets up new ones after the next sign-in; each reset is in the record."""
        done = [each for each in queryset if workflow.reset_factors(each, by=request.user)]
        if not done:
            self.message_user(request, _("No second factor was set up."), messages.WARNING)
            return
        names = {"names": listed(each.username for each in done)}
        self.message_user(request, _("Second factors taken away from %(names)s.") % names)

    def user_change_password(self, request: Any, id: str, form_url: str = "") -> HttpResponse:
        """With its entry in the record: whose and by whom, never what."""
        with transaction.atomic():
            response = super().user_change_password(request, id, form_url)
            if request.method == "POST" and response.status_code == HTTPStatus.FOUND:
                record.noted(User.objects.get(pk=id), {"password": "new"}, by=request.user)
        return response

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who is a superuser only a superuser decides; single permissions nobody, roles do."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None:
            return fieldsets
        if not self.has_change_permission(request, obj):
            return [(None, {"fields": ("username",)}), *fieldsets[1:]]
        if request.user.is_superuser:
            return [*fieldsets, (_("Beyond roles"), {"fields": ("is_superuser",)})]
        return fieldsets

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        form.before = User.objects.select_for_update().get(pk=obj.pk).snapshot() if change else None
        super().save_model(request, obj, form, change)

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        """The entry comes last: the roles are part of it."""
        super().save_related(request, form, formsets, change)
        if change:
            record.changed(form.instance, form.before, by=request.user)
        else:
            record.added([form.instance], by=request.user)

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs["widget"], kwargs["form_class"] = forms.CheckboxSelectMultiple, RoleChoice
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """System accounts stay as they are; a superuser is changed by superusers only."""
        if obj and (obj.is_system or (obj.is_superuser and not request.user.is_superuser)):
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("roles"))
    def roles(self, person: User) -> str:
        return listed(role_name(group) for group in person.groups.all())


@admin.register(Group)
class RoleAdmin(ReadOnly, admin.ModelAdmin):
    """What each role may do, to read: the roles are the same everywhere."""

    list_display = ("called",)
    search_fields = ("name",)
    fieldsets = ((None, {"fields": ("called", "may")}),)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("permissions__content_type")

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """Called as people call it: it is not saved."""
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            found.name = role_name(found)
        return found

    @admin.display(description=_("name"), ordering="name")
    def called(self, role: Group) -> str:
        return role_name(role)

    @admin.display(description=_("permissions"))
    def may(self, role: Group) -> str:
        found: dict[str, list[str]] = defaultdict(list)
        for each in role.permissions.all():
            verb = each.codename.partition("_")[0]
            found[each.content_type.name].append(str(VERBS.get(verb, each.name)))
        lines = ((noun, listed(verbs)) for noun, verbs in found.items())
        return format_html_join("", "<p>{}: {}</p>", lines)


@admin.register(AccessAttempt)
class AttemptAdmin(AccessAttemptAdmin):
    """Wrong passwords by name and address. Deleting a row lets the person try again."""

    list_display = ("attempt_time", "username", "ip_address", "failures_since_start", "left")
    list_filter = ("attempt_time", IsLockedOutFilter)
    fieldsets = (
        (None, {"fields": ("username", "ip_address", "attempt_time", "failures_since_start")}),
    )
    actions = ()

    @admin.display(description=_("tries left"))
    def left(self, attempt: AccessAttempt) -> str:
        left = settings.AXES_FAILURE_LIMIT - attempt.failures_since_start
        return str(left) if left > 0 else gettext("none: locked out")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Those who look after accounts."""
        return request.user.has_perm("measures.change_user")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request)

    def log_deletions(self, request: Any, queryset: Any) -> Any:
        return None
