"""Signing in at a provider of OpenID Connect: its answer is for this browser, and signed by it.

The library takes the ID token as it comes over TLS. Here its signature is checked with the keys
that the provider publishes, its nonce belongs to the sign-in that was begun in this session, and
issuer and person are the same wherever they are told.
"""

from contextlib import suppress
from typing import Any

import jwt
from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac
from requests import RequestException

WELL_KNOWN = "/.well-known/openid-configuration"
# Signed with a private key of the provider: a shared secret, or none, is no signature here.
SIGNED = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
CLOCKS = 60  # Seconds by which the provider's may differ from ours.


def nonce_of(state: str) -> str:
    """What the ID token must repeat; the state alone, which stands in addresses, does not tell it.

    The state works once, and in the session that it was made in.
    """
    return salted_hmac("measures.pages.provider", state, algorithm="sha256").hexdigest()


class Asking(OAuth2Client):
    """Adds the nonce to where the browser is sent, whatever else was asked for."""

    def get_redirect_url(
        self, authorization_url: str, scope: list[str], extra_params: dict[str, str]
    ) -> str:
        asked = extra_params | {"nonce": nonce_of(self.state)}
        return str(super().get_redirect_url(authorization_url, scope, asked))


class Checked(OpenIDConnectOAuth2Adapter):
    """The library's way through, with what it leaves out; a refusal is an `OAuth2Error`."""

    client_class = Asking

    def get_provider(self) -> Any:
        provider = super().get_provider()
        provider.oauth2_adapter_class = Checked
        return provider

    @property
    def openid_config(self) -> dict[str, Any]:
        told = super().openid_config
        ours = self.get_provider().server_url.removesuffix(WELL_KNOWN)
        if str(told.get("issuer", "")).rstrip("/") != ours.rstrip("/"):
            raise OAuth2Error("The provider names another issuer than OIDC_ISSUER.")
        return dict(told)

    def complete_login(
        self, request: HttpRequest, app: Any, token: Any, **kwargs: Any
    ) -> SocialLogin:
        if not kwargs["response"].get("id_token"):
            raise OAuth2Error("The provider sent no ID token.")
        login = super().complete_login(request, app, token, **kwargs)
        told = login.account.extra_data
        if told.get("userinfo", {}).get("sub") != told["id_token"].get("sub"):
            raise OAuth2Error("The ID token is of another person than the answer.")
        return login

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        try:
            told = self._signed(id_token, audience=app.client_id)
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
            raise OAuth2Error("The ID token is not one of the provider's for us.") from error
        jwtkit.verify_jti(told)
        state = self.request.GET.get("state", "")
        if not constant_time_compare(str(told.get("nonce", "")), nonce_of(state)):
            raise OAuth2Error("The ID token answers another question.")
        return told

    def _signed(self, token: str, audience: str) -> dict[str, Any]:
        """What the token says, if one of the published keys has signed it.

        A provider with a single key need not name it in the token.
        """
        with get_adapter().get_requests_session() as asking:
            response = asking.get(self.openid_config["jwks_uri"])
            response.raise_for_status()
        name = jwt.get_unverified_header(token).get("kid")
        keys = jwt.PyJWKSet.from_dict(response.json()).keys
        for key in (each for each in keys if name in (None, each.key_id)):
            # A key of another kind is not the one, as one that signed something else.
            with suppress(jwt.InvalidSignatureError, jwt.InvalidKeyError, TypeError):
                return jwt.decode(
                    token,
                    key.key,
                    algorithms=SIGNED,
                    audience=audience,
                    issuer=self.openid_config["issuer"],
                    leeway=CLOCKS,
                    options={"require": ["exp", "iat", "sub", "aud", "iss"]},
                )
        raise OAuth2Error("No key of the provider has signed the ID token.")


@login_not_required
def provider_login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Off to the provider."""
    return _through(OAuth2LoginView, request, provider_id)


@login_not_required
def provider_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from it."""
    return _through(OAuth2CallbackView, request, provider_id)


def _through(
    view: type[OAuth2LoginView | OAuth2CallbackView], request: HttpRequest, provider_id: str
) -> HttpResponse:
    """A provider that is away, or not the one it should be, is told on a page like any refusal."""
    try:
        return view.adapter_view(Checked(request, provider_id))(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    except (OAuth2Error, RequestException) as error:
        provider = get_adapter().get_provider(request, provider_id)
        return render_authentication_error(request, provider, exception=error)
