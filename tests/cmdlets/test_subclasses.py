"""Classes that a program derives from the library's: they have their own fields and checks, however they are made."""

from __future__ import annotations

import attrs
import pytest

import exchange_imap as xi


@attrs.frozen(kw_only=True)
class NotedCmdlet(xi.SetImapSettings):
    """A command with a field more."""

    note: str = "none"


@attrs.frozen(kw_only=True)
class NotedService(xi.ServiceState):
    """An object with a field more."""

    note: str = "none"


@attrs.frozen
class NotedBinding(xi.Binding):
    """A binding with a field more."""

    note: str = "none"


@attrs.frozen
class NotedSetting(xi.ConnectionSetting):
    """A connection setting with a field more."""

    note: str = "none"


@attrs.frozen
class SecureSetting(xi.ConnectionSetting):
    """A connection setting with a check more."""

    def __attrs_post_init__(self) -> None:
        if self.port != 993:
            raise xi.InvalidValueError("port", "993", self.port)


RECORD = {"Name": "MSExchangeImap4", "DisplayName": "IMAP4", "Status": "Running", "StartType": "Automatic"}


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(NotedCmdlet.parse("Set-ImapSettings -Banner x"), id="cmdlet"),
        pytest.param(NotedService.from_record(RECORD), id="snapshot"),
        pytest.param(NotedBinding.parse("[::]:993"), id="binding"),
        pytest.param(NotedSetting.parse("mail.contoso.com:993:SSL"), id="connection setting"),
    ],
)
def test_a_field_of_a_derived_class_has_its_default(
    made: NotedCmdlet | NotedService | NotedBinding | NotedSetting,
) -> None:
    """Also in what was read."""
    assert made.note == "none"
    assert attrs.evolve(made, note="mine").note == "mine"


def test_a_text_keeps_its_order_in_a_derived_class() -> None:
    """As in the class itself."""
    line = "Set-ImapSettings -Banner x -Server MBX01"

    assert str(NotedCmdlet.parse(line)) == line


def test_a_check_of_a_derived_class_holds_for_what_is_read() -> None:
    """Not only for what its constructor is given."""
    with pytest.raises(xi.InvalidValueError, match="expected 993, received 143"):
        SecureSetting.parse("mail.contoso.com:143:TLS")
