"""Where the doors hang: administration, accounts, and everything else in the app."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from measures.pages.language import Prefix
from measures.pages.provider import provider_callback as back
from measures.pages.provider import provider_login as there
from measures.urls import in_no_language

# One way in: the administration sends people to the same sign-in page as every other page.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

to_the_account = RedirectView.as_view(pattern_name="account")

# A page that could not be made, and one that waits for the database.
handler500 = "measures.pages.edge.fault"

in_every_language: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    # Addresses are changed by administrators, and a provider is bound to an account by its
    # confirmed address alone: two doors of the library that stay shut.
    path("accounts/email/", to_the_account, name="account_email"),
    path("accounts/3rdparty/", to_the_account, name="socialaccount_connections"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/sessions/", include("allauth.usersessions.urls")),
    path("accounts/3rdparty/", include("allauth.socialaccount.urls")),
    path("", include("measures.urls")),
]

urlpatterns = [
    *in_no_language,
    # In the place of the library's own, which check less, under its names; in no language, since
    # a provider knows one address of ours.
    path("accounts/oidc/<str:provider_id>/login/", there, name="openid_connect_login"),
    path("accounts/oidc/<str:provider_id>/login/callback/", back, name="openid_connect_callback"),
    # As Django's own i18n_patterns does, with a prefix of two letters.
    URLResolver(Prefix(prefix_default_language=False), in_every_language),
]
