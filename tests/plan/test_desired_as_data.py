"""A desired state as plain data: written in one form, read leniently, and what is wrong is named by its path."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import exchange_imap as xi
from support.desires import desired_states
from support.examples import share
from support.fuzz import change_data

THUMBPRINT = "434AC224C8459924B26521298CE8834C514856AB"
CERTIFICATE = f'$.certificates["{THUMBPRINT}"]'
WHOLE: dict[str, Any] = {  # Any: JSON
    "settings": {
        "ExternalConnectionSettings": ["mail.contoso.com:993:SSL", "mail.contoso.com:143:TLS"],
        "X509CertificateName": "mail.contoso.com",
        "LoginType": "SecureLogin",
        "SSLBindings": {"Add": ["10.0.0.1:993"], "Remove": []},
        "AuthenticatedConnectionTimeout": "00:30:00",
        "LogPerFileSizeQuota": "1MB",
        "MaxConnections": 100,
        "OwaServerUrl": None,
    },
    "services": {
        "MSExchangeIMAP4": {"StartupType": "Automatic", "Status": "Running"},
        "MSExchangeIMAP4BE": {"Status": "Running"},
    },
    "connectors": {"Client Frontend MBX01": {"Fqdn": "mail.contoso.com", "AdvertiseClientSettings": True}},
    "certificates": {THUMBPRINT: {"Services": ["IMAP", "SMTP"]}},
    "components": {
        "ImapProxy": {"State": "Active", "Requester": "Functional"},
        "ServerWideOffline": [
            {"State": "Active", "Requester": "Functional"},
            {"State": "Active", "Requester": "Maintenance"},
        ],
    },
    "mailboxes": {"kim@contoso.com": {"ImapEnabled": True}},
    "restart": False,
}


def test_the_whole_form_is_read_and_written_as_it_is() -> None:
    """Every part, an edit of a list, an emptied setting, and a component of two requesters."""
    desired = xi.DesiredState.from_dict(WHOLE)

    assert desired.to_dict() == WHOLE
    assert desired.settings is not None
    assert desired.settings.owa_server_url is None
    assert desired.settings.ssl_bindings == xi.ListEdit(add=(xi.Binding.parse("10.0.0.1:993"),))
    assert [str(command.requester) for command in desired.components] == ["Functional", "Functional", "Maintenance"]


def test_nothing_is_desired_by_an_empty_object() -> None:
    """What is left out stays as it is."""
    assert xi.DesiredState.from_dict({}) == xi.DesiredState()
    assert xi.DesiredState().to_dict() == {"restart": False}


def test_an_object_without_a_name_is_under_an_empty_one() -> None:
    """The connector of clients that send has a name that the server's follows from; a certificate may have another."""
    identity = rf"MBX01\{THUMBPRINT}"
    desired = xi.DesiredState(
        connectors=[xi.SetReceiveConnector(fqdn="mail.contoso.com")],
        certificates=[xi.EnableExchangeCertificate(identity=identity, services=("IMAP",))],
    )

    written = desired.to_dict()

    assert written["connectors"] == {"": {"Fqdn": "mail.contoso.com"}}
    assert written["certificates"] == {"": {"Identity": identity, "Services": ["IMAP"]}}
    assert xi.DesiredState.from_dict(written) == desired


def test_lists_may_be_tuples_and_one_value_may_stand_for_a_list() -> None:
    """As in the constructor of a cmdlet."""
    given = {"settings": {"SSLBindings": ("0.0.0.0:993",), "ExternalConnectionSettings": "mail.contoso.com:993:SSL"}}

    settings = xi.DesiredState.from_dict(given).settings

    assert str(settings) == (
        'Set-ImapSettings -SSLBindings "0.0.0.0:993" -ExternalConnectionSettings "mail.contoso.com:993:SSL"'
    )


@pytest.mark.parametrize("text", ["$true", "true", "True", " TRUE "])
def test_true_and_false_may_be_texts(text: str) -> None:
    """As a command line and Format-List have them."""
    desired = xi.DesiredState.from_dict({"mailboxes": {"kim": {"ImapEnabled": text, "OWAEnabled": "$False"}}})

    assert desired.mailboxes == (xi.SetCASMailbox(identity="kim", imap_enabled=True, owa_enabled=False),)


def test_the_order_of_objects_makes_no_difference() -> None:
    """Two desired states are equal if they state the same."""
    services = tuple(xi.SetService(name=name, status=xi.ServiceStatus.Running) for name in xi.IMAP4_SERVICES)

    one, other = xi.DesiredState(services=services), xi.DesiredState(services=services[::-1])

    assert one == other
    assert hash(one) == hash(other)
    assert one != xi.DesiredState(services=services[:1])


WRONG: list[tuple[Any, str, str]] = [  # Any: JSON
    ({"settings": ["SSLBindings"]}, "$.settings", "names with their values"),
    ({"setting": {}}, "$.setting", "Did you mean settings?"),
    ({"zzz": {}}, "$.zzz", "There are settings, pop_settings, services"),
    ({"settings": {1: 2}}, "$.settings", "names that are text, received 1"),
    ({"settings": {}, "Settings": {}}, "$.Settings", "settings once"),
    ({"settings": None}, "$.settings", "names with their values"),
    ({"restart": "no"}, "$.restart", "true or false"),
    ({"settings": {"SSLBinding": []}}, "$.settings.SSLBinding", "Did you mean SSLBindings?"),
    ({"settings": {"SSLBindings": ["0.0.0.0:993", "x"]}}, "$.settings.SSLBindings[1]", "an IP address and a port"),
    ({"settings": {"SSLBindings": [["x"]]}}, "$.settings.SSLBindings[0]", "an address and port"),
    ({"settings": {"SSLBindings": {"add": ["x"]}}}, "$.settings.SSLBindings.add[0]", "an IP address and a port"),
    ({"settings": {"SSLBindings": {"Added": ["x"]}}}, "$.settings.SSLBindings.Added", "Did you mean Add?"),
    ({"settings": {"SSLBindings": {}}}, "$.settings.SSLBindings", "entries to add or to remove"),
    ({"settings": {"MaxConnections": 1.5}}, "$.settings.MaxConnections", "a whole number"),
    ({"settings": {"LoginType": "Secured"}}, "$.settings.LoginType", "one of PlainTextLogin"),
    ({"settings": {"Banner": ["a", "b"]}}, "$.settings.Banner", "text"),
    ({"settings": {"LoginType": None}}, "$.settings.LoginType", "one of PlainTextLogin"),
    ({"settings": {"WhatIf": True}}, "$.settings.WhatIf", r"preview it with print\(plan\)"),
    ({"services": {"W3SVC": {}}}, "$.services.W3SVC", "one of MSExchangeIMAP4"),
    (
        {"services": {"MSExchangeIMAP4": {"Name": "x"}}},
        "$.services.MSExchangeIMAP4.Name",
        "is 'MSExchangeIMAP4' already",
    ),
    ({"services": {"": {}}}, '$.services[""]', "-Name"),
    ({"services": {"MSExchangeIMAP4": {"Status": "Paused"}}}, "$.services.MSExchangeIMAP4", "Running or Stopped"),
    ({"services": {"MSExchangeIMAP4": {}, "msexchangeimap4": {}}}, "$.services", "each service once"),
    ({"certificates": {"x": {"Services": []}}}, "$.certificates.x", "a thumbprint of 40"),
    ({"certificates": {THUMBPRINT: {}}}, f"{CERTIFICATE}.Services", "this parameter"),
    (
        {"certificates": {THUMBPRINT: {"Services": {"IMAP": 1}}}},
        f"{CERTIFICATE}.Services",
        "a list",
    ),
    (
        {"certificates": {THUMBPRINT: {"Services": ["IMAP"], "Identity": "x"}}},
        CERTIFICATE,
        "cannot be used together",
    ),
    ({"components": {"": {"State": "Active", "Requester": "Functional"}}}, '$.components[""].Component', "this param"),
    ({"components": {"ImapProxy": [1]}}, "$.components.ImapProxy[0]", "names with their values"),
    ({"mailboxes": {"a": {}, "A": {}}}, "$.mailboxes", "each object once"),
    ({"mailboxes": {"": {}}}, '$.mailboxes[""]', "the name of a mailbox"),
    ({"mailboxes": {"kim@contoso.com": {"Name": "k"}}}, '$.mailboxes["kim@contoso.com"].Name', "may be found by it"),
    ({"connectors": {"Client*": {}}}, '$.connectors["Client*"]', r"without \* and \?"),
    ({"connectors": {"": {"Identity": ""}}}, '$.connectors[""]', "the -Identity of one object"),
    ({"connectors": {"a": {"TransportRole": "HubTransport"}}}, "$.connectors.a.TransportRole", "which service has"),
]


@pytest.mark.parametrize(("data", "path", "said"), WRONG, ids=[path for _, path, _ in WRONG])
def test_what_is_wrong_is_named_by_its_path_with_what_was_meant(data: Any, path: str, said: str) -> None:
    """Misspelt names and values, names that are there twice, and what contradicts itself."""
    with pytest.raises(xi.InvalidValueError, match=said) as caught:
        xi.DesiredState.from_dict(data)

    assert caught.value.field == path


@pytest.mark.parametrize("data", [["settings"], "settings", None, {1: {}}], ids=["list", "text", "null", "a number"])
def test_anything_but_an_object_is_refused(data: Any) -> None:
    """Whatever JSON has at its root."""
    with pytest.raises(xi.InvalidValueError, match="a mapping"):
        xi.DesiredState.from_dict(data)


# -- laws ------------------------------------------------------------------------------------------------------------


def leaves(data: object, *path: str | int) -> Iterator[tuple[str | int, ...]]:
    """Yield where each value is."""
    if isinstance(data, dict) and data:
        for name, value in data.items():
            yield from leaves(value, *path, name)
    else:
        yield path


def spelled(path: tuple[str | int, ...]) -> str:
    """Write a path as an error names it."""
    plain = [isinstance(key, str) and key.isascii() and key.isidentifier() for key in path]
    return "$" + "".join(
        f".{key}" if is_plain else f"[{json.dumps(key)}]" for key, is_plain in zip(path, plain, strict=True)
    )


def replaced(data: Any, path: tuple[str | int, ...], new: object) -> Any:  # Any: JSON
    """Return the data with another value at a path."""
    if not path:
        return new
    return {**data, path[0]: replaced(data[path[0]], path[1:], new)}


@share(10)
@given(desired_states)
def test_law_what_is_written_is_read_again(desired: xi.DesiredState) -> None:
    """Through JSON, in whatever order."""
    written = desired.to_dict()

    again = xi.DesiredState.from_dict(json.loads(json.dumps(written)))
    ordered = xi.DesiredState.from_dict(json.loads(json.dumps(written, sort_keys=True)))

    assert again == ordered == desired
    assert json.dumps(again.to_dict(), sort_keys=True) == json.dumps(ordered.to_dict(), sort_keys=True)
    assert again.to_dict() == written


def loosened(random: Random, data: Any, depth: int = 0) -> Any:  # Any: JSON
    """Write the same in another way: names in other case and order, tuples for lists, true and false as texts."""
    if isinstance(data, dict):
        names = list(data)
        random.shuffle(names)
        cased = {name: name if depth == 1 else random.choice([name.lower, name.upper])() for name in names}
        return {cased[name]: loosened(random, data[name], depth + 1) for name in names}
    if isinstance(data, list):
        return tuple(loosened(random, item, depth) for item in data)
    if isinstance(data, bool) and depth > 1:
        return random.choice([f"${str(data).lower()}", str(data)])
    return str(data) if type(data) is int else data


@share(8)
@given(desired_states, st.randoms(use_true_random=True))
def test_law_reading_is_lenient_in_case_and_order(desired: xi.DesiredState, random: Random) -> None:
    """Of the names of parts and of properties, and of what stands for values."""
    parts = {key: part for key, part in desired.to_dict().items() if key != "settings"}
    loose = loosened(random, parts)
    settings = {} if desired.settings is None else {"SETTINGS": loosened(random, desired.to_dict()["settings"], 2)}

    assert xi.DesiredState.from_dict(loose | settings) == desired


@share(8)
@given(desired_states, st.data())
def test_law_a_value_that_cannot_be_is_named_by_its_path(desired: xi.DesiredState, data: st.DataObject) -> None:
    """Wherever it is."""
    written = desired.to_dict()
    path = data.draw(st.sampled_from([*leaves(written)]))

    with pytest.raises(xi.InvalidValueError) as caught:
        xi.DesiredState.from_dict(replaced(written, path, 1.5))

    assert caught.value.field in {spelled(path), spelled((*path, 0))}


@share(10)
@given(desired_states, st.randoms(use_true_random=True))
def test_law_damaged_data_is_read_or_refused_with_a_path(desired: xi.DesiredState, random: Random) -> None:
    """And by nothing but an error of this library's own."""
    damaged = change_data(random, desired.to_dict())

    try:
        xi.DesiredState.from_dict(damaged)
    except xi.InvalidValueError as error:
        assert error.field.startswith("$"), error  # noqa: PT017 - either end is right
