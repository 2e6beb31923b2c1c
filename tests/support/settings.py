"""Random IMAP4 settings as the shell would print them."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any
from uuid import UUID

import exchange_imap as xi
from exchange_imap._model.declaration import properties

from .commands import Commands

_LONG = "a-very-long-word-without-any-blank-in-it-that-has-to-be-broken-somewhere"
_WORDS = (
    *("Microsoft", "Exchange", "Server", "V15", "Logging", "CN=Configuration", "DC=contoso", "Willkommen", "Grüße"),
    *("サーバー", "の", "既定", "値", "漢字テスト", "IMAP4", "ready.", "-x", "...", "{a}", ":", _LONG),
)


class Settings:
    """Makes settings from a seed."""

    def __init__(self, seed: int) -> None:
        """Start at a seed."""
        self.random = random.Random(seed)  # noqa: S311 - no secret
        self.commands = Commands(seed)

    def line(self, longest: int = 40) -> str:
        """Make a text of one line, of a few or of many words."""
        words = [self.random.choice(_WORDS) for _ in range(self.random.randint(1, longest))]
        gap = self.random.choice([" ", " ", "", "  "])
        return gap.join(words)[:1024].strip() or "x"

    def settings(self) -> xi.ImapSettings:
        """Make the settings of one server."""
        values: dict[str, Any] = {  # Any: each value is of its field's type
            field: self._value(field) for field in properties(xi.ImapSettings)
        }
        return xi.ImapSettings(**values)

    def _value(self, field: str) -> object:
        choose, maker = self.random.choice, self.commands
        if field in {"external_connection_settings", "internal_connection_settings"}:
            return tuple(maker.setting() for _ in range(self.random.randint(0, 6)))
        if field in {"ssl_bindings", "unencrypted_or_tls_bindings"}:
            return tuple(maker.binding() for _ in range(self.random.randint(0, 6)))
        if field.endswith("connection_timeout"):
            return timedelta(seconds=choose([30, 60, 1800, 86_400, 90_061]))
        if field.startswith("max_") or field == "proxy_target_port":
            return choose([1, 16, 10240, 2**31 - 1])
        if field == "log_per_file_size_quota":
            return xi.ByteQuota(choose([None, 0, 2**20, 2_000_000]))
        if field == "object_class":
            return choose([None, ("top", "protocolCfg", "protocolCfgIMAP", "protocolCfgIMAPServer")])
        if field == "guid":
            return UUID(int=self.random.getrandbits(128))
        return self._scalar(field)

    def _scalar(self, field: str) -> object:
        choices = {
            "login_type": xi.LoginType,
            "extended_protection_policy": xi.ExtendedProtectionPolicy,
            "message_retrieval_mime_format": xi.MimeTextFormat,
            "calendar_item_retrieval_option": xi.CalendarItemRetrievalOption,
            "log_file_roll_over_settings": xi.LogFileRollOver,
        }
        if field in choices:
            return self.random.choice(list(choices[field]))
        kind = getattr(properties(xi.ImapSettings)[field].codec, "type", None)
        if kind is bool:
            return self.random.random() < 0.5
        if field in {"server", "banner", "log_file_location"}:
            return self.line(200 if field == "banner" else 8)
        return self.random.choice([None, self.line()])
