"""The fake's mailboxes: by which names they are found, and what Set-CASMailbox stores and refuses."""

from __future__ import annotations

import attrs
import pytest

import exchange_imap as xi
from exchange_imap._model.declaration import own_parameters, writable
from exchange_imap.testing import FakeExchange, NewMailbox
from support.fakes import ask, failure, read


@pytest.fixture
def fake() -> FakeExchange:
    """One server with the mailboxes that every fake has."""
    return FakeExchange(servers=["MBX01"])


def found(fake: FakeExchange, **parameters: object) -> list[str]:
    """Return the names of the mailboxes that Get-CASMailbox answers."""
    return [each.name for each in read(xi.CASMailbox, fake, xi.GetCASMailbox.build(parameters))]


class TestNewMailboxes:
    """What an organisation has."""

    def test_are_four_by_default(self, fake: FakeExchange) -> None:
        """The Administrator's among them; all may use IMAP4."""
        assert found(fake) == ["Administrator", "Kim Akers", "Terry Adams", "Chris Ashton"]
        assert all(each.stored.imap_enabled and each.stored.imap_use_protocol_defaults for each in fake.mailboxes)

    def test_are_those_that_are_given(self) -> None:
        """Each on its server."""
        fake = FakeExchange(
            servers=["MBX01", "MBX02"],
            mailboxes=[NewMailbox("Kim Akers", alias="k.akers"), NewMailbox("Terry Adams", server="mbx02")],
        )

        assert found(fake) == ["Kim Akers", "Terry Adams"]
        assert fake.mailbox("k.akers@contoso.com").server is fake.server("MBX01")
        assert fake.mailbox("terry").stored.server_name == "mbx02"
        assert repr(fake.mailbox("terry")) == "<Mailbox Terry Adams>"

    def test_may_be_none(self) -> None:
        """An organisation without mailboxes."""
        assert found(FakeExchange(servers=["MBX01"], mailboxes=[])) == []

    def test_cannot_be_what_none_is(self) -> None:
        """A mistake in the arrangement of a test is an error."""
        with pytest.raises(xi.InvalidValueError, match=r"NewMailbox\.alias"):
            NewMailbox("Kim Akers", alias="kim akers")
        with pytest.raises(xi.InvalidValueError, match="one of MBX01"):
            FakeExchange(servers=["MBX01"], mailboxes=[NewMailbox("Kim Akers", server="MBX02")]).mailbox("kim")
        with pytest.raises(xi.InvalidValueError, match="one of Administrator, Kim Akers"):
            FakeExchange(servers=["MBX01"]).mailbox("nobody")

    def test_show_no_password(self) -> None:
        """In no text."""
        assert "horse" not in repr(NewMailbox("Kim Akers", password="horse"))  # noqa: S106 - the test is about it


class TestReadingMailboxes:
    """Get-CASMailbox."""

    @pytest.mark.parametrize(
        "identity",
        [
            "Kim Akers",
            "kim",
            "KIM@contoso.com",
            "guid",
            "CN=Kim Akers,CN=Users,DC=contoso,DC=com",
            "contoso.com/Users/Kim Akers",
            r"contoso\kim",
            r"contoso.com\kim",
            "legacy",
        ],
    )
    def test_one_is_found_by_each_of_its_names(self, fake: FakeExchange, identity: str) -> None:
        """In any case."""
        kim = fake.mailbox("kim").stored
        names = {"guid": str(kim.guid), "legacy": str(kim.legacy_exchange_dn)}

        assert read(xi.CASMailbox, fake, xi.GetCASMailbox(identity=names.get(identity, identity))) == [kim]
        assert fake.log[-1].server == "MBX01"

    def test_is_found_by_another_address_and_not_by_one_that_is_gone(self, fake: FakeExchange) -> None:
        """What the directory has now counts."""
        ask(fake, xi.SetCASMailbox(identity="kim", email_addresses=xi.ListEdit(add=("smtp:sales@contoso.com",))))
        assert found(fake, identity="sales@contoso.com") == ["Kim Akers"]

        ask(fake, xi.SetCASMailbox(identity="kim", email_addresses=xi.ListEdit(remove=("smtp:sales@contoso.com",))))
        assert failure(fake, xi.GetCASMailbox(identity="sales@contoso.com")) == (
            "Cmdlet-ManagementObjectNotFoundException"
        )

    @pytest.mark.parametrize(
        ("anr", "names"),
        [
            ("ak", ["Kim Akers"]),
            ("KIM A", ["Kim Akers"]),
            ("a", ["Administrator", "Kim Akers", "Terry Adams", "Chris Ashton"]),
            ("chris@", ["Chris Ashton"]),
            ("x", []),
        ],
    )
    def test_several_are_found_by_a_beginning(self, fake: FakeExchange, anr: str, names: list[str]) -> None:
        """Of a part of the name, of the address or of the alias."""
        assert found(fake, anr=anr) == names

    def test_a_size_limits_the_result(self, fake: FakeExchange) -> None:
        """With a warning that there are more."""
        reply = ask(fake, xi.GetCASMailbox(result_size=2))

        assert (len(reply.records), len(reply.warnings)) == (2, 1)
        assert len(found(fake, result_size="unlimited")) == 4
        assert not ask(fake, xi.GetCASMailbox(result_size=4)).warnings

    def test_a_thousand_is_the_limit_by_itself(self) -> None:
        """As the page says."""
        many = FakeExchange(servers=["MBX01"], mailboxes=[NewMailbox(f"User {n}", alias=f"u{n}") for n in range(1001)])

        assert len(ask(many, xi.GetCASMailbox()).records) == 1000
        assert len(ask(many, xi.GetCASMailbox(result_size="unlimited")).records) == 1001

    def test_the_settings_of_the_protocols_come_when_asked_for(self, fake: FakeExchange) -> None:
        """What the mailbox's server tells its clients."""
        server = fake.server("MBX01")
        server.stored = attrs.evolve(server.stored, external_connection_settings=("mail.contoso.com:993:SSL",))
        ask(fake, xi.SetReceiveConnector(identity="Client Frontend MBX01", advertise_client_settings=True))

        (plain,) = read(xi.CASMailbox, fake, xi.GetCASMailbox(identity="kim"))
        (kim,) = read(xi.CASMailbox, fake, xi.GetCASMailbox(identity="kim", protocol_settings=True))

        assert (plain.external_imap_settings, plain.internal_smtp_settings) == (None, None)
        assert kim.external_imap_settings == "mail.contoso.com:993:SSL"
        assert kim.internal_imap_settings == "mbx01.contoso.com:993:SSL, mbx01.contoso.com:143:TLS"
        assert (kim.external_pop_settings, kim.internal_pop_settings) == (
            None,
            "mbx01.contoso.com:995:SSL, mbx01.contoso.com:110:TLS",
        )
        assert kim.external_smtp_settings == kim.internal_smtp_settings == "mbx01.contoso.com:587:TLS"

    @pytest.mark.parametrize(
        "command",
        [
            xi.GetCASMailbox(filter="ImapEnabled -eq 'True'"),
            xi.GetCASMailbox(monitoring=True),
            xi.GetCASMailbox(sort_by="Name"),
            xi.GetCASMailbox(organizational_unit="Users"),
            xi.GetCASMailbox(credential=xi.PSCredential("kim", "horse")),
            xi.SetCASMailbox(identity="kim", public_folder_client_access=False),
            xi.SetCASMailbox(identity="kim", reset_auto_blocked_devices=True),
        ],
        ids=lambda command: str(command).rpartition(" -")[2],
    )
    def test_what_the_fake_does_not_model_is_refused_as_its_own(self, fake: FakeExchange, command: xi.Cmdlet) -> None:
        """Nobody takes it for the server's."""
        (error,) = ask(fake, command).errors

        assert error.fully_qualified_error_id == "ParameterNotModelled,exchange_imap.testing"
        assert error.category == "NotImplemented"

    def test_what_changes_no_answer_is_taken(self, fake: FakeExchange) -> None:
        """There is one domain controller, and a switch that is off is none."""
        command = xi.GetCASMailbox(
            identity="kim",
            domain_controller="dc01.contoso.com",
            read_from_domain_controller=True,
            ignore_default_scope=True,
            monitoring=False,
        )

        assert len(read(xi.CASMailbox, fake, command)) == 1


class TestChangingAMailbox:
    """Set-CASMailbox."""

    def test_stores_what_is_stated(self, fake: FakeExchange) -> None:
        """And says nothing."""
        change = xi.SetCASMailbox(
            identity="kim@contoso.com",
            imap_enabled=False,
            imap_use_protocol_defaults=False,
            imap_messages_retrieval_mime_format="TextOnly",
            pop_enabled=False,
            ews_application_access_policy="EnforceAllowList",
            ews_allow_list=("Outlook*",),
            display_name="Kim",
        )

        assert ask(fake, change) == xi.Reply()
        kim = fake.mailbox("kim").stored
        assert (kim.imap_enabled, kim.pop_enabled, kim.display_name) == (False, False, "Kim")
        assert kim.ews_application_access_policy is xi.EwsApplicationAccessPolicy.EnforceAllowList
        assert kim.ews_allow_list == ("Outlook*",)
        assert kim.when_changed != kim.when_created
        ask(fake, xi.SetCASMailbox(identity="kim", ews_application_access_policy=None, ews_allow_list=None))
        assert (
            fake.mailbox("kim").stored.ews_application_access_policy,
            fake.mailbox("kim").stored.ews_allow_list,
        ) == (
            None,
            (),
        )

    def test_stores_every_property_that_can_be_read_back(self) -> None:
        """The others are refused as not modelled, and never dropped."""
        unreadable = {
            field
            for field, spec in own_parameters(xi.SetCASMailbox).items()
            if field not in writable(xi.CASMailbox)
            and not spec.is_added
            and field not in {"identity", "domain_controller"}
        }

        assert unreadable == {
            "active_sync_debug_logging",
            "active_sync_suppress_read_receipt",
            "ignore_default_scope",
            "is_optimized_for_accessibility",
            "public_folder_client_access",
            "reset_auto_blocked_devices",
        }

    def test_says_when_nothing_was_modified(self, fake: FakeExchange) -> None:
        """As every Set- does."""
        reply = ask(fake, xi.SetCASMailbox(identity="kim", imap_enabled=True))

        assert reply.warnings[0].endswith("no settings of 'contoso.com/Users/Kim Akers' have been modified.")
        assert not fake.log[-1].effect

    def test_changes_nothing_with_what_if(self, fake: FakeExchange) -> None:
        """And asks nobody with -Confirm."""
        for switch in ({"what_if": True}, {"confirm": True}):
            ask(fake, xi.SetCASMailbox.build({"identity": "kim", "imap_enabled": False, **switch}))

        assert [entry.refused for entry in fake.log] == [None, "HostException,Set-CASMailbox"]
        assert fake.mailbox("kim").stored.imap_enabled

    def test_gives_it_another_name(self, fake: FakeExchange) -> None:
        """Under which it is found from then on."""
        ask(fake, xi.SetCASMailbox(identity="kim", name="Kim Abercrombie"))

        assert found(fake, identity="contoso.com/Users/Kim Abercrombie") == ["Kim Abercrombie"]
        assert fake.mailbox("kim").stored.distinguished_name == "CN=Kim Abercrombie,CN=Users,DC=contoso,DC=com"

    def test_has_one_primary_address(self, fake: FakeExchange) -> None:
        """Two properties tell it."""
        made = []

        for primary in ("k@contoso.com", "KIM@contoso.com"):
            ask(fake, xi.SetCASMailbox(identity="kim", primary_smtp_address=primary))
            made.append(fake.mailbox("kim").stored.email_addresses)

        assert made == [("SMTP:k@contoso.com", "smtp:kim@contoso.com"), ("SMTP:KIM@contoso.com", "smtp:k@contoso.com")]

    def test_has_the_first_address_as_primary_where_none_is(self, fake: FakeExchange) -> None:
        """Among those of SMTP."""
        addresses = ("X500:/o=x", "a@contoso.com", "smtp:b@contoso.com")
        ask(fake, xi.SetCASMailbox(identity="kim", email_addresses=addresses))

        kim = fake.mailbox("kim").stored
        assert kim.email_addresses == ("X500:/o=x", "SMTP:a@contoso.com", "smtp:b@contoso.com")
        assert kim.primary_smtp_address == "a@contoso.com"

    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            ({"email_addresses": ("SMTP:a@contoso.com", "SMTP:b@contoso.com")}, "DataValidationException"),
            ({"email_addresses": ("X500:/o=x",)}, "DataValidationException"),
            ({"email_addresses": ("SMTP:kim",)}, "DataValidationException"),
            (
                {"email_addresses": ("a@contoso.com",), "primary_smtp_address": "b@contoso.com"},
                "DataValidationException",
            ),
            ({"name": ""}, "DataValidationException"),
            ({"primary_smtp_address": "terry@contoso.com"}, "ProxyAddressExistsException"),
            ({"name": "Terry Adams"}, "ADObjectAlreadyExistsException"),
            ({"identity": "nobody"}, "ManagementObjectNotFoundException"),
        ],
        ids=str,
    )
    def test_refuses_what_cannot_be(self, fake: FakeExchange, change: dict[str, object], expected: str) -> None:
        """After which the mailbox is as it was."""
        before = fake.mailbox("kim").stored

        assert failure(fake, xi.SetCASMailbox.build({"identity": "kim", **change})) == f"Cmdlet-{expected}"
        assert fake.mailbox("kim").stored == before

    def test_refuses_a_name_of_two(self, fake: FakeExchange) -> None:
        """Nobody can tell which one is meant."""
        ask(fake, xi.SetCASMailbox(identity="terry", display_name="Kim Akers"))

        assert failure(fake, xi.SetCASMailbox(identity="Kim Akers", imap_enabled=False)) == (
            "Cmdlet-ManagementObjectAmbiguousException"
        )

    def test_goes_through_a_pipe(self, fake: FakeExchange) -> None:
        """One for each mailbox."""
        pipe = xi.parse("Get-CASMailbox -Anr k | Set-CASMailbox -ImapEnabled $false")
        assert isinstance(pipe, xi.Pipeline)

        assert fake.transport().run(pipe).errors == ()
        assert [each.stored.imap_enabled for each in fake.mailboxes] == [True, False, True, True]
