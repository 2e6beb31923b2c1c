"""Laws of the values: each reads what it writes."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol, Self

import pytest
from hypothesis import given
from hypothesis import strategies as st

import exchange_imap as xi
from exchange_imap._model.codecs.lists import EditableListCodec, ListCodec
from exchange_imap._model.codecs.values import BINDING, QUOTA
from exchange_imap._model.codecs.words import LIMIT
from support import strategies
from support.public import NAMES
from support.values import Values


class Value(Protocol):
    """A value with exact text."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read it."""
        ...


MAKERS: dict[str, Callable[[Values], object]] = {
    "Binding": Values.binding,
    "ByteQuota": lambda values: values.of(QUOTA),
    "ComponentRequest": Values.component_request,
    "ConnectionSetting": Values.setting,
    "IPRange": Values.ip_range,
    "Limit": lambda values: values.of(LIMIT),
    "ServerVersion": Values.server_version,
    "TlsCertificateName": Values.tls_certificate_name,
}


@pytest.mark.parametrize("name", MAKERS)
@given(data=st.data())
def test_law_a_value_reads_what_it_writes(name: str, data: st.DataObject) -> None:
    """As text, as Python, and pickled; its hash is that of its equals."""
    value = data.draw(strategies.made(Values, MAKERS[name]))
    cls: type[Value] = NAMES[name]
    read = cls.parse(str(value))

    assert read == value
    assert hash(read) == hash(value)
    assert str(read) == str(value)
    assert eval(repr(value), NAMES) == value  # noqa: S307 - pasted back
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - made here


@given(strategies.of_codec(QUOTA))
def test_law_a_byte_quota_reads_what_the_server_prints(quota: xi.ByteQuota) -> None:
    """Such as 1 MB (1,048,576 bytes)."""
    assert xi.ByteQuota.parse(quota.display) == quota


@given(st.timedeltas(timedelta(days=-99_999), timedelta(days=99_999)))
def test_law_a_time_span_reads_what_it_writes(span: timedelta) -> None:
    """Text and back, of any sign and size."""
    assert xi.parse_time_span(xi.format_time_span(span)) == span


@given(strategies.of_codec(EditableListCodec(ListCodec(BINDING))))
def test_law_a_list_and_its_edit_have_a_repr_that_can_be_pasted_back(edit: object) -> None:
    """What is added and removed survives."""
    assert eval(repr(edit), NAMES) == edit  # noqa: S307 - a repr can be pasted back
