"""Who is let in: Basic, and several kinds of login side by side."""

from __future__ import annotations

import base64

import attrs
import pytest

import exchange_imap as xi
from exchange_imap.testing.psrp_server.conversation import SOAP, BasicConversation, Challenge
from exchange_imap.testing.psrp_server.logins import AnyConversation, conversations

OFFER = Challenge((("WWW-Authenticate", 'Basic realm="WSMAN"'),))


def basic(text: str) -> str:
    """Write the header of a name and password."""
    return f"Basic {base64.b64encode(text.encode()).decode()}"


@attrs.define
class Steps:
    """Another kind of login, of two steps."""

    user: str | None = None
    response_headers: tuple[tuple[str, str], ...] = (("WWW-Authenticate", "Steps done"),)

    def authenticate(self, authorization: str | None) -> Challenge | None:
        """Want "one" and then "two"; the connection stays logged in."""
        if authorization == "Steps one":
            return Challenge((("WWW-Authenticate", "Steps again"),), continues=True)
        if authorization == "Steps two":
            self.user = "stepper"
        return None if self.user else Challenge((("WWW-Authenticate", "Steps"),))

    def unwrap(self, content_type: str, body: bytes) -> bytes:
        """Show that it was asked."""
        return content_type.encode() + body

    def wrap(self, soap: bytes) -> tuple[str, bytes]:
        """Show that it was asked."""
        return "steps", soap


def test_a_name_and_password_are_compared() -> None:
    """Umlauts and colons too; the name is kept."""
    conversation = BasicConversation(("käthe", "a:b"))

    assert conversation.authenticate(basic("käthe:a:b")) is None
    assert conversation.user == "käthe"
    assert conversation.unwrap("x", b"soap") == b"soap"
    assert conversation.wrap(b"soap") == (SOAP, b"soap")


@pytest.mark.parametrize(
    "header", [None, "", basic("kim:wrong"), basic("kim"), "Basic §", "Basic //8=", "Negotiate " + "a2ltOng="]
)
def test_anything_else_is_asked_for_a_name(header: str | None) -> None:
    """What is no base64, no UTF-8, or has no colon among it."""
    conversation = BasicConversation(("kim", "x"))

    assert conversation.authenticate(header) == OFFER
    assert conversation.user is None


def test_whoever_names_himself_is_let_in_where_anybody_is() -> None:
    """But nobody without a name."""
    conversation = BasicConversation(None)

    assert conversation.authenticate(basic("kim:anything")) is None
    assert conversation.authenticate(None) == OFFER


def test_a_password_is_not_shown() -> None:
    """Nor the name that goes with it."""
    assert "secret" not in repr(BasicConversation(("kim", "secret")))


def test_kinds_of_login_are_offered_side_by_side() -> None:
    """Until one of them is under way; the one that lets in speaks for the connection from then on."""
    conversation = AnyConversation((BasicConversation(("kim", "x")), Steps()))

    both = Challenge((*OFFER.headers, ("WWW-Authenticate", "Steps")))
    assert conversation.authenticate(None) == both
    again = conversation.authenticate("Steps one")
    assert again is not None
    assert again.headers == (("WWW-Authenticate", "Steps again"),)
    assert conversation.authenticate("Steps two") is None
    assert conversation.authenticate(None) is None
    assert (conversation.user, conversation.response_headers[0][1]) == ("stepper", "Steps done")
    assert conversation.unwrap("type", b"soap") == b"typesoap"
    assert conversation.wrap(b"soap") == ("steps", b"soap")


def test_every_connection_has_a_conversation_of_its_own() -> None:
    """What one knows of its client another does not."""
    converse = conversations(["basic"], ("kim", "x"))
    first, second = converse(), converse()
    first.authenticate(basic("kim:x"))

    assert (first.user, second.user) == ("kim", None)


@pytest.mark.parametrize("kinds", [(), ("digest",), ("basic", "digest")])
def test_a_kind_that_there_is_not_is_refused(kinds: tuple[str, ...]) -> None:
    """And none at all."""
    with pytest.raises(xi.InvalidValueError, match=r"PsrpServer\.authentication"):
        conversations(kinds, None)  # type: ignore[arg-type] # the point


def test_a_kind_that_lacks_what_it_needs_is_refused() -> None:
    """NTLM compares a password, and Kerberos has a key."""
    with pytest.raises(xi.InvalidValueError, match=r"PsrpServer\.credential"):
        conversations(["negotiate"], None)
    with pytest.raises(xi.InvalidValueError, match=r"PsrpServer\.keytab"):
        conversations(["kerberos"], ("kim", "x"))


def test_several_kinds_make_one_conversation() -> None:
    """Which asks each; one kind alone speaks for itself."""
    several = conversations(["negotiate", "basic"], ("kim", "x"))()

    assert isinstance(several, AnyConversation)
    assert [type(kind).__name__ for kind in several.kinds] == ["BasicConversation", "NegotiateConversation"]
    assert type(conversations(["negotiate"], ("kim", "x"))()).__name__ == "NegotiateConversation"
