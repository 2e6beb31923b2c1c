"""The closed sets of words about servers, certificates and tests, each with Exchange's own spelling.

Where no number is documented the value is the word itself, and none is made up.
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
    """What Exchange thinks of a certificate (Get-ExchangeCertificate).

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
    """Whom a certificate's issuer is trusted by (Get-ExchangeCertificate).

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
    """Whether a component of a server takes work (Set-ServerComponentState -State).

    The IMAP4 services stop while ``ImapProxy`` or ``ServerWideOffline`` is inactive.

    >>> ComponentStatus.parse("active").value
    1
    """

    Inactive = 0
    Active = 1
    Draining = 2
    """Finishes what it has and takes nothing new."""


class ComponentRequester(Choice):
    """Who wants a component to be in a state (Set-ServerComponentState -Requester).

    What a requester has made inactive only the same one makes active again, and one inactive request is enough to keep
    the component inactive.

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
    """Which of the two lists of applications holds (Set-CASMailbox -EwsApplicationAccessPolicy).

    >>> EwsApplicationAccessPolicy.parse("EnforceAllowList")
    EwsApplicationAccessPolicy.EnforceAllowList
    """

    EnforceAllowList = "EnforceAllowList"
    EnforceBlockList = "EnforceBlockList"


class SortOrder(Choice):
    """In which order POP3 clients see messages (Set-PopSettings -MessageRetrievalSortOrder).

    >>> SortOrder.parse("0")
    SortOrder.Ascending
    """

    Ascending = 0
    Descending = 1
