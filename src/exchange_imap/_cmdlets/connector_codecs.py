"""What the parameters of a Receive connector hold, with the ranges that the server enforces on writing.

Ranges: Microsoft's reference page of Set-ReceiveConnector.
"""

from __future__ import annotations

from datetime import timedelta

import attrs

from .._model.codecs.lists import EditableListCodec, ListCodec
from .._model.codecs.literals import IntegerCodec
from .._model.codecs.values import QUOTA, TEXT, TIME_SPAN, Bounds, Codec, QuotaCodec, TextCodec, ValueCodec, choice
from .._model.codecs.words import WordsCodec, limit_between
from .._values import (
    AuthMechanism,
    ByteQuota,
    IPRange,
    MessageRateSource,
    PermissionGroup,
    ProtocolLoggingLevel,
    ServerRole,
    SizeMode,
    TlsCertificateName,
    is_host_name,
)

__all__ = [
    "ANY_LIMIT",
    "AUTH_MECHANISM",
    "CERTIFICATE",
    "CONNECTION_TIMEOUT",
    "DOMAIN_CAPABILITIES",
    "DOMAIN_CAPABILITIES_EDIT",
    "HEADER_SIZE",
    "HOP_COUNT",
    "HOST",
    "INBOUND",
    "INBOUND_PER_SOURCE",
    "LOCAL_HOP_COUNT",
    "LOGON_FAILURES",
    "LOG_LEVEL",
    "MESSAGE_SIZE",
    "NAME",
    "PERCENTAGE",
    "PERMISSION_GROUPS",
    "PROTOCOL_ERRORS",
    "RANGES",
    "RANGES_EDIT",
    "RATE_SOURCE",
    "RECIPIENTS",
    "ROLE",
    "ROLES",
    "SIZE_MODE",
]

_MOST = 2**31 - 1
_LONGEST_NAME = 64
_DAY = timedelta(days=1)


def _size(least: int) -> QuotaCodec:
    def holds(quota: ByteQuota) -> bool:
        return quota.bytes is not None and least <= quota.bytes <= _MOST

    expected = f"a size of {ByteQuota(least)} to {_MOST} bytes"
    return attrs.evolve(QUOTA, expected=expected, bounds=Bounds[ByteQuota](expected, holds))


CONNECTION_TIMEOUT = attrs.evolve(
    TIME_SPAN, bounds=Bounds[timedelta]("00:00:01 to 1.00:00:00", lambda span: timedelta(seconds=1) <= span <= _DAY)
)
HOST = TextCodec(expected="a host name", bounds=Bounds("a host name, such as mail.contoso.com", is_host_name))
NAME = TextCodec(bounds=Bounds(f"a name of 1 to {_LONGEST_NAME} characters", lambda t: 0 < len(t) <= _LONGEST_NAME))
HEADER_SIZE = _size(1)
MESSAGE_SIZE = _size(65536)
HOP_COUNT = IntegerCodec.between(1, 500)
LOCAL_HOP_COUNT = IntegerCodec.between(0, 50)
LOGON_FAILURES = IntegerCodec.between(0, 10)
PERCENTAGE = IntegerCodec.between(1, 100)
RECIPIENTS = IntegerCodec.between(1, 512_000)
INBOUND = limit_between(1, _MOST)
INBOUND_PER_SOURCE = limit_between(1, 10_000)
PROTOCOL_ERRORS = ANY_LIMIT = limit_between(0, _MOST)
AUTH_MECHANISM = WordsCodec(AuthMechanism)
PERMISSION_GROUPS = WordsCodec(PermissionGroup)
ROLES = WordsCodec(ServerRole)
ROLE = attrs.evolve(
    choice(ServerRole),
    bounds=Bounds[ServerRole](
        "FrontendTransport or HubTransport",
        lambda role: role in {ServerRole.FrontendTransport, ServerRole.HubTransport},
    ),
)
LOG_LEVEL = choice(ProtocolLoggingLevel)
RATE_SOURCE = choice(MessageRateSource)
SIZE_MODE = choice(SizeMode)
CERTIFICATE: ValueCodec[TlsCertificateName] = ValueCodec(
    "<I>issuer<S>subject", TlsCertificateName, parse=TlsCertificateName.parse
)
_RANGE: Codec[IPRange] = ValueCodec("an address, first-last, or address/bits", IPRange, parse=IPRange.parse)
RANGES = ListCodec(_RANGE)
RANGES_EDIT = EditableListCodec(RANGES)
DOMAIN_CAPABILITIES = ListCodec(TEXT)
DOMAIN_CAPABILITIES_EDIT = EditableListCodec(DOMAIN_CAPABILITIES)
