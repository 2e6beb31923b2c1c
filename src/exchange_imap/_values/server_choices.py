"""Enumerations about servers, certificates and tests, with Exchange's spelling.

The value of a member is the word itself if its number is not documented.
"""

from __future__ import annotations

from .choices import Choice

__all__ = [
    "CertificateService",
    "CertificateStatus",
    "ComponentRequester",
    "ComponentStatus",
    "ConnectivityStatus",
    "EwsApplicationAccessPolicy",
    "RootCAType",
    "SortOrder",
]


class CertificateService(Choice):
    """One service that a certificate is enabled for (Enable-ExchangeCertificate -Services).

    UM and UMCallRouter are gone from Exchange 2019.

    >>> [str(service) for service in CertificateService][:3]
    ['IMAP', 'POP', 'UM']
    """

    IMAP = "IMAP"
    POP = "POP"
    UM = "UM"
    IIS = "IIS"
    SMTP = "SMTP"
    Federation = "Federation"
    UMCallRouter = "UMCallRouter"


class CertificateStatus(Choice):
    """Exchange's verdict on a certificate (Get-ExchangeCertificate).

    >>> CertificateStatus.parse("valid")
    CertificateStatus.Valid
    """

    DateInvalid = "DateInvalid"
    """Not yet valid, or no longer."""
    Invalid = "Invalid"
    PendingRequest = "PendingRequest"
    RevocationCheckFailure = "RevocationCheckFailure"
    Revoked = "Revoked"
    Unknown = "Unknown"
    Untrusted = "Untrusted"
    Valid = "Valid"


class RootCAType(Choice):
    """Why the issuer of a certificate is trusted (Get-ExchangeCertificate).

    >>> RootCAType.parse("ThirdParty")
    RootCAType.ThirdParty
    """

    NONE = "None"
    ThirdParty = "ThirdParty"
    Enterprise = "Enterprise"
    Registry = "Registry"
    GroupPolicy = "GroupPolicy"
    Unknown = "Unknown"


class ComponentStatus(Choice):
    """Whether a component of a server accepts work (Set-ServerComponentState -State).

    The IMAP4 services stop while ``ImapProxy`` or ``ServerWideOffline`` is inactive.

    >>> ComponentStatus.parse("active").value
    1
    """

    Inactive = 0
    Active = 1
    Draining = 2
    """It finishes the work that it has and accepts no more."""


class ComponentRequester(Choice):
    """Who asks for the state of a component (Set-ServerComponentState -Requester).

    A component is inactive while at least one requester has made it so, and only that requester can make its own
    request active again.

    >>> ComponentRequester.parse("maintenance")
    ComponentRequester.Maintenance
    """

    HealthAPI = "HealthAPI"
    Maintenance = "Maintenance"
    Sidelined = "Sidelined"
    Functional = "Functional"
    Deployment = "Deployment"


class ConnectivityStatus(Choice):
    """How a connectivity test ended (Test-ImapConnectivity).

    >>> ConnectivityStatus.parse("Skipped")
    ConnectivityStatus.Skipped
    """

    Undefined = "Undefined"
    Success = "Success"
    Failure = "Failure"
    Skipped = "Skipped"


class EwsApplicationAccessPolicy(Choice):
    """Which of the two lists of applications applies (Set-CASMailbox -EwsApplicationAccessPolicy).

    >>> EwsApplicationAccessPolicy.parse("EnforceAllowList")
    EwsApplicationAccessPolicy.EnforceAllowList
    """

    EnforceAllowList = "EnforceAllowList"
    EnforceBlockList = "EnforceBlockList"


class SortOrder(Choice):
    """The order in which POP3 clients see messages (Set-PopSettings -MessageRetrievalSortOrder).

    >>> SortOrder.parse("0")
    SortOrder.Ascending
    """

    Ascending = 0
    Descending = 1
