"""What the fake would not bind, with PowerShell's ids and categories: typed cmdlets cannot even hold most of it."""

from __future__ import annotations

from decimal import Decimal

import pytest

import exchange_imap as xi
from exchange_imap._powershell.syntax import Array, Boolean, Hashtable, Literal, Null, Number, String
from exchange_imap.testing import FakeExchange

MAILBOX = "Set-ImapSettings"
TYPE = ("ParameterArgumentTransformationError", "InvalidData")
RANGE = ("ParameterArgumentValidationError", "InvalidData")
NO_FLAG = ("CannotConvertArgument", "InvalidArgument")
COMPILED_TYPE = ("CannotConvertArgumentNoMessage", "InvalidArgument")


def send(cmdlet: str, *parameters: tuple[str, Literal | None]) -> xi.Reply:
    """Run a command as it would come over the wire, with nothing of the client in between."""
    command = xi.Command(cmdlet, tuple(xi.Parameter(name, value) for name, value in parameters))
    return FakeExchange(servers=["MBX01"]).transport().run(xi.Pipeline((command,)))


def strings(*texts: str) -> Array:
    """Make a list of strings."""
    return Array(tuple(map(String, texts)))


def add(*texts: str) -> Hashtable:
    """Make an edit that adds."""
    return Hashtable(((String("Add"), strings(*texts)),))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("ProtocolLogEnabled", String("true"), id="word for a Boolean"),
        pytest.param("ProtocolLogEnabled", Null(), id="null for a Boolean"),
        pytest.param("LoginType", String("Basic"), id="unknown word"),
        pytest.param("LoginType", Number(0), id="unknown number"),
        pytest.param("LoginType", String("PlainText"), id="ambiguous beginning"),
        pytest.param("ExtendedProtectionPolicy", String("Required"), id="longer word"),
        pytest.param("LogFileRollOverSettings", Number(5), id="number past the last"),
        pytest.param("MaxConnections", String("many"), id="word for a number"),
        pytest.param("MaxConnections", Number(2147483648), id="more than an Int32"),
        pytest.param("MaxConnections", Number(1e30), id="far more than an Int32"),
        pytest.param("MaxConnections", strings("1"), id="list for a number"),
        pytest.param("AuthenticatedConnectionTimeout", String("soon"), id="word for a time span"),
        pytest.param("LogPerFileSizeQuota", String("2 megabytes"), id="unknown unit"),
        pytest.param("OwaServerUrl", String("mail"), id="no absolute URL"),
        pytest.param("Banner", strings("a", "b"), id="list for a text"),
        pytest.param("Server", String(""), id="empty server"),
        pytest.param("Server", Null(), id="null server"),
        pytest.param("DomainController", String("not a name"), id="no FQDN"),
        pytest.param("LogFileLocation", String(""), id="empty path"),
        pytest.param("SSLBindings", String("mail.contoso.com:993"), id="host name for an address"),
        pytest.param("SSLBindings", strings("0.0.0.0:993", "*:993"), id="second entry bad"),
        pytest.param("SSLBindings", String("10.0.0.300:143"), id="octet above 255"),
        pytest.param("SSLBindings", String("[::]"), id="no port"),
        pytest.param("SSLBindings", String("::1:993"), id="IPv6 without brackets"),
        pytest.param("SSLBindings", add("x"), id="bad entry in an edit"),
        pytest.param("SSLBindings", Hashtable(((String("Insert"), strings("0.0.0.0:1")),)), id="unknown operation"),
        pytest.param("SSLBindings", Hashtable(()), id="edit of nothing"),
        pytest.param("SSLBindings", Hashtable(((String("Add"), Null()),)), id="edit that adds null"),
        pytest.param("ExternalConnectionSettings", String("mail:143:"), id="empty third field"),
        pytest.param("ExternalConnectionSettings", strings("a:993:SSL", "b:143:"), id="empty third field in a list"),
        pytest.param("InternalConnectionSettings", add("mail:143:"), id="empty third field in an edit"),
        pytest.param("InternalConnectionSettings", String(" mail:143"), id="blank before a setting"),
        pytest.param("ExternalConnectionSettings", String("mail:993:TLS1.2"), id="unknown method"),
        pytest.param("ExternalConnectionSettings", String("*.contoso.com:993:SSL"), id="wildcard host"),
        pytest.param("ExternalConnectionSettings", String("mail:65536"), id="port above 65535"),
    ],
)
def test_a_value_of_the_wrong_type_fails_in_transformation(name: str, value: Literal) -> None:
    """The parameter's type cannot be made of it; a bad entry spoils the whole list."""
    (record,) = send(MAILBOX, (name, value)).errors
    assert (record.fully_qualified_error_id, record.category) == (f"{TYPE[0]},{MAILBOX}", TYPE[1])
    assert f"'{name}'" in record.message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("MaxConnections", Number(0), id="below the least"),
        pytest.param("MaxCommandSize", Number(1023), id="command size below"),
        pytest.param("MaxCommandSize", String("16385"), id="command size above, as text"),
        pytest.param("ProxyTargetPort", Number(-1), id="negative port"),
        pytest.param("ProxyTargetPort", Number(65536), id="port above 65535"),
        pytest.param("AuthenticatedConnectionTimeout", String("00:00:29"), id="too short"),
        pytest.param("AuthenticatedConnectionTimeout", String("1.00:00:01"), id="above a day"),
        pytest.param("AuthenticatedConnectionTimeout", String("00:00:30.5"), id="half a second"),
        pytest.param("PreAuthenticatedConnectionTimeout", String("01:00:01"), id="above an hour"),
        pytest.param("LogPerFileSizeQuota", Number(1), id="less than a megabyte"),
        pytest.param("Banner", String("x" * 1025), id="long banner"),
        pytest.param("X509CertificateName", String("*.contoso.com"), id="wildcard certificate name"),
        pytest.param("X509CertificateName", String("10.0.0.1"), id="address for a certificate name"),
        pytest.param("X509CertificateName", String("_mail.contoso.com"), id="underscore before a certificate name"),
        pytest.param("X509CertificateName", String("a." * 512 + "b"), id="long certificate name"),
        pytest.param("LogPerFileSizeQuota", String("1023KB"), id="quota just below a megabyte"),
        pytest.param("PreAuthenticatedConnectionTimeout", String("00:00:29"), id="too short before login"),
    ],
)
def test_a_value_out_of_range_fails_in_validation(name: str, value: Literal) -> None:
    """The type is right and the value is not."""
    (record,) = send(MAILBOX, (name, value)).errors
    assert (record.fully_qualified_error_id, record.category) == (f"{RANGE[0]},{MAILBOX}", RANGE[1])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("LoginType", String("Secure"), id="beginning of a word"),
        pytest.param("LoginType", Number(3), id="number of a word"),
        pytest.param("ProtocolLogEnabled", Number(1), id="number for a Boolean"),
        pytest.param("MaxConnections", Number(Decimal("2.5")), id="fraction"),
        pytest.param("Banner", Boolean(value=True), id="Boolean for a text"),
        pytest.param("Banner", Number(1048576, "1MB"), id="number for a text"),
        pytest.param("LogPerFileSizeQuota", String("unlimited"), id="unlimited"),
        pytest.param("SSLBindings", String(" 0.0.0.0:993: "), id="binding with blanks and a colon"),
        pytest.param("ExternalConnectionSettings", String("mail:993:ssl"), id="method in lower case"),
        pytest.param("domaincontroller", String("dc01"), id="name in another case"),
        pytest.param("wi", None, id="alias"),
        pytest.param("Bann", String("x"), id="beginning of a name"),
        pytest.param("Wh", None, id="beginning of what changes have"),
        pytest.param("WhatIf", Null(), id="null for a compiled switch"),
        pytest.param("Ver", Boolean(value=True), id="beginning of what every cmdlet has"),
        pytest.param("Confirm", Boolean(value=False), id="switch that is off"),
    ],
)
def test_what_powershell_converts_is_taken(name: str, value: Literal | None) -> None:
    """Strict is as strict as the server, no stricter."""
    assert send(MAILBOX, (name, value)).errors == ()


@pytest.mark.parametrize("value", [String("yes"), String("1"), strings("x")], ids=repr)
@pytest.mark.parametrize(("cmdlet", "name"), [(MAILBOX, "WhatIf"), (MAILBOX, "Verbose"), ("Stop-Service", "Force")])
def test_a_compiled_switch_has_an_id_of_its_own(cmdlet: str, name: str, value: Literal) -> None:
    """What PowerShell adds to a function is compiled too; PowerShell was asked."""
    (record,) = send(cmdlet, (name, value)).errors
    assert (record.fully_qualified_error_id.partition(",")[0], record.category) == NO_FLAG


@pytest.mark.parametrize(
    ("cmdlet", "parameters", "error_id"),
    [
        pytest.param(MAILBOX, [("Identity", String("x"))], "NamedParameterNotFound", id="unknown"),
        pytest.param(MAILBOX, [("Ext", String("x"))], "AmbiguousParameter", id="beginning of two"),
        pytest.param(MAILBOX, [("", String("x"))], "NamedParameterNotFound", id="no name"),
        pytest.param("Get-ImapSettings", [("WhatIf", None)], "NamedParameterNotFound", id="switch of another cmdlet"),
        pytest.param(MAILBOX, [("Banner", String("x")), ("banner", String("x"))], "ParameterAlreadyBound", id="twice"),
        pytest.param(MAILBOX, [("WhatIf", None), ("wi", None)], "ParameterAlreadyBound", id="name and alias"),
        pytest.param(MAILBOX, [("Banner", None)], "MissingArgument", id="no value"),
    ],
)
def test_a_parameter_that_cannot_be_bound_is_named(
    cmdlet: str, parameters: list[tuple[str, Literal | None]], error_id: str
) -> None:
    """A parameter is known by its name, alias, or the beginning of one, and given once, with a value."""
    (record,) = send(cmdlet, *parameters).errors
    assert (record.fully_qualified_error_id, record.category) == (f"{error_id},{cmdlet}", "InvalidArgument")


NAME = ("Name", String("MSExchangeIMAP4"))


@pytest.mark.parametrize(
    ("cmdlet", "parameters", "error"),
    [
        pytest.param("Start-Service", [], ("MissingMandatoryParameter", "InvalidArgument"), id="nothing named"),
        pytest.param("Set-Service", [], ("MissingMandatoryParameter", "InvalidArgument"), id="no service to set"),
        pytest.param(
            "Get-Service",
            [NAME, ("DisplayName", String("x"))],
            ("AmbiguousParameterSet", "InvalidArgument"),
            id="both kinds of name",
        ),
        pytest.param("Stop-Service", [("Name", Array(()))], RANGE, id="empty list"),
        pytest.param("Get-Service", [("Name", strings("a", ""))], RANGE, id="empty name among others"),
        pytest.param("Set-Service", [("Name", String(""))], RANGE, id="empty name"),
        pytest.param(
            "Get-Service",
            [("Name", Null())],
            ("ParameterArgumentValidationErrorNullNotAllowed", "InvalidData"),
            id="null",
        ),
        pytest.param("Get-Service", [("Name", Hashtable(()))], COMPILED_TYPE, id="table for a name"),
        pytest.param("Set-Service", [NAME, ("StartupType", String("Never"))], COMPILED_TYPE, id="unknown start type"),
        pytest.param("Set-Service", [NAME, ("Status", String("StopPending"))], RANGE, id="status that cannot be set"),
        pytest.param("Set-Service", [NAME, ("Status", String("Run"))], RANGE, id="beginning of a status"),
        pytest.param("Set-Service", [NAME, ("Status", Number(4))], RANGE, id="number of a status"),
        pytest.param("Set-Service", [NAME, ("Force", None)], ("NamedParameterNotFound", "InvalidArgument"), id="force"),
        pytest.param(
            "Get-Service",
            [("In", strings("x"))],
            ("AmbiguousParameter", "InvalidArgument"),
            id="a pipe's objects or not",
        ),
        pytest.param(
            "Get-Service",
            [("InputO", strings("x"))],
            ("NamedParameterNotFound", "InvalidArgument"),
            id="a pipe's objects",
        ),
    ],
)
def test_the_service_cmdlets_refuse_as_compiled_ones_do(
    cmdlet: str, parameters: list[tuple[str, Literal | None]], error: tuple[str, str]
) -> None:
    """Their ids end in the class, and a value of the wrong type has another id than a function's."""
    (record,) = send(cmdlet, *parameters).errors
    task = f"Microsoft.PowerShell.Commands.{cmdlet.replace('-', '')}Command"
    assert (record.fully_qualified_error_id, record.category) == (f"{error[0]},{task}", error[1])


def test_nothing_is_done_when_one_parameter_is_refused() -> None:
    """Binding comes before everything else, in the order written."""
    fake = FakeExchange(servers=["MBX01"])
    before = fake.server("MBX01").stored
    parameters = (xi.Parameter("Banner", String("Hi")), xi.Parameter("MaxCommandSize", Number(1)))
    reply = fake.transport().run(xi.Pipeline((xi.Command("SET-IMAPSETTINGS", parameters),)))
    assert len(reply.errors) == 1
    assert (fake.server("MBX01").stored, fake.log[0].server) == (before, None)


@pytest.mark.parametrize("value", [String("Suspend"), String("S"), Number(7), Null()], ids=str)
def test_a_preference_that_is_none_is_refused_by_powershell_itself(value: Literal) -> None:
    """Whatever the cmdlet is, with the id of a compiled one's parameter."""
    (error,) = send("Get-ImapSettings", ("ErrorAction", value)).errors

    assert (error.fully_qualified_error_id, error.category) == (
        "CannotConvertArgumentNoMessage,Get-ImapSettings",
        "InvalidArgument",
    )


@pytest.mark.parametrize(
    ("cmdlet", "name", "value", "error"),
    [
        ("Set-ReceiveConnector", "Identity", String(""), TYPE),
        ("Get-ReceiveConnector", "Identity", Null(), TYPE),
        ("Set-ReceiveConnector", "Fqdn", String("not a name"), TYPE),
        ("Set-ReceiveConnector", "ServiceDiscoveryFqdn", String("*.contoso.com"), TYPE),
        ("Set-ReceiveConnector", "TlsCertificateName", String("mail.contoso.com"), TYPE),
        ("Set-ReceiveConnector", "AuthMechanism", String("Tls, Digest"), TYPE),
        ("Set-ReceiveConnector", "RemoteIPRanges", strings("10.0.0.0/8", "10.0.0.0/33"), TYPE),
        ("Set-ReceiveConnector", "Bindings", Null(), ()),
        ("Set-ReceiveConnector", "RemoteIPRanges", Null(), TYPE),
        ("Set-ReceiveConnector", "MaxInboundConnection", String("many"), TYPE),
        ("Set-ReceiveConnector", "MaxHopCount", Number(501), RANGE),
        ("Set-ReceiveConnector", "MaxMessageSize", String("1KB"), RANGE),
        ("Set-ReceiveConnector", "TransportRole", String("Mailbox"), RANGE),
        ("Set-ReceiveConnector", "ConnectionTimeout", String("1.00:00:01"), RANGE),
        ("Enable-ExchangeCertificate", "Services", String("IMAP,FTP"), TYPE),
        ("Enable-ExchangeCertificate", "Services", Array(()), TYPE),
        ("Set-ServerComponentState", "State", String("Off"), TYPE),
        ("Set-ServerComponentState", "Requester", String("Nobody"), TYPE),
        ("Set-CASMailbox", "ImapEnabled", String("yes"), TYPE),
        ("Set-CASMailbox", "EwsApplicationAccessPolicy", String("None"), TYPE),
        ("Get-CASMailbox", "ResultSize", String("all"), TYPE),
        ("Set-PopSettings", "MaxCommandSize", Number(1025), RANGE),
        ("Set-PopSettings", "MessageRetrievalSortOrder", Number(2), TYPE),
        ("Test-ImapConnectivity", "ConnectionType", Number(1), TYPE),
        ("Test-ImapConnectivity", "MailboxCredential", String("kim"), TYPE),
        ("Test-ImapConnectivity", "PortClientAccessServer", Number(65536), RANGE),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else "",
)
def test_each_noun_is_as_strict(cmdlet: str, name: str, value: Literal, error: tuple[str, ...]) -> None:
    """Its parameters are bound by their declarations, as those of the settings are."""
    first = send(cmdlet, (name, value)).errors[0]

    expected = (
        (f"{error[0]},{cmdlet}", error[1]) if error else (f"MissingMandatoryParameter,{cmdlet}", "InvalidArgument")
    )
    assert (first.fully_qualified_error_id, first.category) == expected
