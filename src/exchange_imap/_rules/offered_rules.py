"""Rules about what the settings offer: where they listen, and what clients, users and other servers are told.

They are for reviews. A plan that states these settings states them on purpose.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .._cmdlets.advertised import shown_to_users
from .._cmdlets.web import NetStart, NetStop
from .._finding import Severity
from .found import Found
from .registry import StateExample, review_rule
from .resulting import BINDINGS, CONNECTIONS, when_new
from .situation import Situation

__all__: list[str] = []

_EXTERNAL, _INTERNAL = CONNECTIONS
_SET: Final = "Set-ImapSettings -Server MBX01"
_SSL: Final = f"{_SET} -ExternalConnectionSettings mail.contoso.com:993:SSL"
_PAGE: Final = "Microsoft Learn: Set-ImapSettings"


@review_rule(
    "no-bindings",
    Severity.ERROR,
    "Settings without a binding: the service listens nowhere.",
    StateExample(
        broken=(f"{_SET} -SSLBindings $null -UnencryptedOrTLSBindings $null",),
        right=(f"{_SET} -UnencryptedOrTLSBindings $null",),
    ),
    source=f"{_PAGE} (-SSLBindings, -UnencryptedOrTLSBindings)",
)
def no_bindings(situation: Situation) -> Iterator[Found[str]]:
    """Yield once if both lists of bindings are empty."""
    for settings, resulting in situation.known_settings():
        if not settings.ssl_bindings and not settings.unencrypted_or_tls_bindings:
            reason = "SSLBindings and UnencryptedOrTLSBindings are empty: clients cannot connect"
            fix = resulting.setting(ssl_bindings=when_new("ssl_bindings"))
            yield Found(reason, "Bind the port that is advertised", BINDINGS[0], resulting.evidence(*BINDINGS), fix)


@review_rule(
    "nothing-advertised",
    Severity.WARNING,
    "Settings that tell clients outside nothing: Outlook on the web shows users no server for IMAP4.",
    StateExample(broken=(), right=(_SSL,)),
    source="Microsoft Learn: Enable and configure IMAP4 on an Exchange server",
)
def nothing_advertised(situation: Situation) -> Iterator[Found[str]]:
    """Yield once if the external settings are empty."""
    for settings, resulting in situation.known_settings():
        if not settings.external_connection_settings:
            reason = "ExternalConnectionSettings is empty: users are not told where to connect"
            right = "Write the name that clients outside use, such as mail.contoso.com:993:SSL"
            yield Found(reason, right, _EXTERNAL, resulting.evidence(_EXTERNAL))


@review_rule(
    "nothing-advertised-inside",
    Severity.WARNING,
    "Settings that tell nothing to clients inside, and to other Exchange servers that forward a session to this one.",
    StateExample(broken=(f"{_SET} -InternalConnectionSettings $null",)),
    source=f"{_PAGE} (-InternalConnectionSettings)",
)
def nothing_advertised_inside(situation: Situation) -> Iterator[Found[str]]:
    """Yield once if the internal settings are empty."""
    for settings, resulting in situation.known_settings():
        if not settings.internal_connection_settings:
            reason = "InternalConnectionSettings is empty: other servers are not told where to forward sessions to"
            right = "Write the server's own name with its domain, such as mbx01.contoso.com:993:SSL"
            yield Found(reason, right, _INTERNAL, resulting.evidence(_INTERNAL))


@review_rule(
    "internal-names",
    Severity.WARNING,
    "Internal settings without the server's own name: another server forwards its sessions to that name.",
    StateExample(
        broken=(f"{_SET} -InternalConnectionSettings mail.contoso.com:993:SSL",),
        right=(f"{_SET} -InternalConnectionSettings mbx01.contoso.com:993:SSL,mail.contoso.com:993:SSL",),
    ),
    source=f"{_PAGE} (-InternalConnectionSettings); Microsoft Q&A 1399419, about servers of two versions",
)
def internal_names(situation: Situation) -> Iterator[Found[str]]:
    """Yield once if no host of the internal settings is the server's, with or without its domain."""
    for settings, resulting in situation.known_settings():
        hosts = dict.fromkeys(setting.host for setting in settings.internal_connection_settings)
        if hosts and not any(_label(host) == _label(settings.server) for host in hosts):
            named = "are no names" if len(hosts) > 1 else "is no name"
            reason = f"InternalConnectionSettings: {', '.join(hosts)} {named} of {settings.server} itself"
            right = "Write the server's own name with its domain too, where other servers forward sessions to it"
            yield Found(reason, right, _INTERNAL, resulting.evidence(_INTERNAL))


def _label(name: str) -> str:
    return name.partition(".")[0].casefold()


@review_rule(
    "integrated-authentication",
    Severity.NOTE,
    "NTLM and Kerberos offered to clients outside, who cannot use Kerberos and may fail with NTLM.",
    StateExample(broken=(_SSL,), right=(f"{_SSL} -EnableGSSAPIAndNTLMAuth $false",)),
    source=f"{_PAGE} (-EnableGSSAPIAndNTLMAuth); MailKit 269, where port 993 offers them",
)
def integrated_authentication(situation: Situation) -> Iterator[Found[str]]:
    """Yield once if clients outside are told where to connect, and integrated authentication is on."""
    for settings, resulting in situation.known_settings():
        if settings.enable_gssapi_and_ntlm_auth and settings.external_connection_settings:
            reason = "EnableGSSAPIAndNTLMAuth offers NTLM and Kerberos also to clients outside, which reach no domain"
            right = "Write $false if such clients choose it and fail to log in, and none inside needs it"
            evidence = resulting.evidence("enable_gssapi_and_ntlm_auth", _EXTERNAL)
            yield Found(reason, right, "enable_gssapi_and_ntlm_auth", evidence)


@review_rule(
    "outlook-web",
    Severity.NOTE,
    "Advertised connections that Outlook on the web does not show: it leaves out the others beside SSL.",
    StateExample(broken=(f"{_SSL},mail.contoso.com:143:TLS",), right=(_SSL,)),
    source="Microsoft Learn: Enable and configure IMAP4 on an Exchange server",
)
def outlook_web(situation: Situation) -> Iterator[Found[str]]:
    """Yield once if some of the external settings are not shown to users."""
    for settings, resulting in situation.known_settings():
        shown = shown_to_users(settings.external_connection_settings)
        hidden = [str(each) for each in settings.external_connection_settings if each not in shown]
        if hidden:
            reason = f"Outlook on the web shows users {', '.join(map(str, shown))}, which hides {', '.join(hidden)}"
            iis = f"if it shows older ones, restart IIS: {NetStop(yes=True)}, then {NetStart()}"
            right = f"Leave it so if every client can use what is shown; {iis}"
            yield Found(reason, right, _EXTERNAL, resulting.evidence(_EXTERNAL))
