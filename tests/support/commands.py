"""Random cmdlets with adversarial texts, and the loose ways in which people write them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import exchange_imap as xi
from exchange_imap._cmdlet.declaration import ParameterSpec, parameters
from exchange_imap._powershell.renderer import render_literal
from exchange_imap._powershell.syntax import Array, Boolean, Hashtable, Literal, Null, Number, String

from .texts import Loose

CMDLETS: tuple[type[xi.Cmdlet], ...] = (
    xi.SetImapSettings,
    xi.SetImapSettings,
    xi.SetImapSettings,
    xi.GetImapSettings,
    xi.GetService,
    xi.SetService,
    xi.StartService,
    xi.StopService,
    xi.RestartService,
    xi.TestImapConnectivity,
    xi.FormatList,
)
_HOSTS = ("mail.contoso.com", "MBX01", "imap-1.contoso.com", "a_b.example", "10.0.0.1", "posteingang.müller.de")
_ADDRESSES = ("0.0.0.0", "127.0.0.1", "10.0.0.12", "::", "::1", "fe80::1%8", "::ffff:10.0.0.1", "2001:db8::5")
_USERS = ("contoso\\Administrator", "bob@contoso.com", "O'Brien", "J. \u2018Doe\u2019", "$bob", "a`b")
_AWKWARD = (
    "--%",
    "--",
    "",
    "$null",
    "$true",
    "1MB",
    "0x1F",
    "007",
    "-5",
    "-x",
    "a,b",
    "#",
    "@()",
    "()",
    "'",
    '"',
    "\u2019",
    "`",
    "a b ",
)


class Commands(Loose):
    """Makes cmdlets from a seed."""

    def text(self) -> str:
        """Make any text at all."""
        return self.one(_AWKWARD) if self.chance(25) else self.odd(12)

    def names(self) -> tuple[str, ...]:
        """Make one to three texts."""
        return tuple(self.text() for _ in range(self.random.randint(1, 3)))

    def setting(self) -> xi.ConnectionSetting:
        """Make a connection setting."""
        return xi.ConnectionSetting(self.one(_HOSTS), self.port(), self.random.choice([None, *xi.Encryption]))

    def binding(self) -> xi.Binding:
        """Make a binding."""
        return xi.Binding(self.one(_ADDRESSES), self.port())

    def port(self) -> int:
        """Make a port."""
        return self.random.choice([0, 143, 993, 1993, 65535])

    def listed(self, item: Callable[[], object]) -> object:
        """Make a whole list, an edit, or nothing."""
        some = tuple(item() for _ in range(self.random.randint(0, 3)))
        kind = self.random.randrange(4)
        if kind == 0:
            return None
        if kind == 1:
            return xi.ListEdit(add=some, remove=(item(),))
        return xi.ListEdit(add=(item(),)) if kind == 2 and self.chance(30) else some

    def field(self, cls: type[xi.Cmdlet], name: str) -> object:
        """Make a value for a parameter."""
        makers: Mapping[str, Callable[[], object]] = {
            "name": self.text if cls is xi.SetService else self.names,
            "display_name": self.text if cls is xi.SetService else self.names,
            "include": self.names,
            "exclude": self.names,
            "computer_name": self.names,
            "property": self.names,
            "external_connection_settings": lambda: self.listed(self.setting),
            "internal_connection_settings": lambda: self.listed(self.setting),
            "ssl_bindings": lambda: self.listed(self.binding),
            "unencrypted_or_tls_bindings": lambda: self.listed(self.binding),
            "x509_certificate_name": lambda: self.random.choice([*_HOSTS, "", None]),
            "login_type": lambda: self.random.choice([*xi.LoginType]),
            "extended_protection_policy": lambda: self.random.choice([*xi.ExtendedProtectionPolicy]),
            "calendar_item_retrieval_option": lambda: self.random.choice([*xi.CalendarItemRetrievalOption]),
            "message_retrieval_mime_format": lambda: self.random.choice([*xi.MimeTextFormat]),
            "log_file_roll_over_settings": lambda: self.random.choice([*xi.LogFileRollOver]),
            "authenticated_connection_timeout": lambda: timedelta(seconds=self.random.randint(30, 86_400)),
            "pre_authenticated_connection_timeout": lambda: timedelta(seconds=self.random.randint(30, 3600)),
            "log_per_file_size_quota": lambda: xi.ByteQuota(
                self.random.choice([None, 0, 2**20, 2**21 + 1, 2**40, 2**63])
            ),
            "owa_server_url": lambda: self.random.choice(["https://mail.contoso.com/owa", "http://x/", None]),
            "max_command_size": lambda: self.random.randint(1024, 16384),
            "max_connections": lambda: self.random.choice([1, 16, 2**31 - 1]),
            "max_connection_from_single_ip": lambda: self.random.choice([1, 16, 2**31 - 1]),
            "max_connections_per_user": lambda: self.random.choice([1, 16, 2**31 - 1]),
            "proxy_target_port": self.port,
            "port_client_access_server": self.port,
            "per_connection_timeout": lambda: self.random.randint(0, 120),
            "timeout": lambda: self.random.randint(0, 3600),
            "connection_type": lambda: self.random.choice([*xi.ConnectionType]),
            "mailbox_credential": lambda: xi.CredentialPrompt(self.random.choice([None, *_USERS])),
            "startup_type": lambda: self.random.choice([*xi.StartupType]),
            "status": lambda: xi.ServiceStatus[self.one(["Running", "Stopped", "Paused"])],
        }
        spec = parameters(cls)[name]
        flag = getattr(spec.kind, "type", None) is bool
        maker = makers.get(name, (lambda: self.chance(50)) if flag else self.text)
        return None if spec.nullable and self.chance(5) else maker()

    def cmdlet(self) -> xi.Cmdlet:
        """Make a cmdlet with some of its parameters, in any order."""
        cls = self.random.choice(CMDLETS)
        fields = list(parameters(cls))
        services = (xi.StartService, xi.StopService, xi.RestartService, xi.GetService)
        if cls in services:
            fields.remove(self.one(["name", "display_name"]))
        stated = [f for f in fields if self.chance(25)]
        if cls in services:
            named = "name" if "name" in fields else "display_name"
            stated = [named, *(f for f in stated if f != named)]
        elif cls is xi.SetService and "name" not in stated:
            stated.append("name")
        self.random.shuffle(stated)
        values: dict[str, Any] = {f: self.field(cls, f) for f in stated}  # Any: each of its field's type
        return cls(**values, order=tuple(stated))

    # -- the same, loosely written -----------------------------------------------------------------------------

    def loosely(self, cmdlet: xi.Cmdlet) -> str:
        """Write a cmdlet in one of the many ways that PowerShell reads."""
        command = cmdlet.to_command()
        specs = {spec.name: spec for spec in parameters(type(cmdlet)).values()}
        words = [self.case(command.name)]
        words += [self._parameter(p.name, p.value, specs) for p in command.parameters]
        if self.chance(3):
            words.insert(self.random.randint(1, len(words)), self.odd(3))
        return "".join(word + (self.blank() if i < len(words) - 1 else "") for i, word in enumerate(words))

    def _parameter(self, name: str, value: Literal | None, specs: Mapping[str, ParameterSpec]) -> str:
        dash, written = self.one("----\u2013\u2014\u2015"), self.case(self._abbreviated(name, specs))
        if value is None:
            return dash + written + self.one(["", "", ":$true", ": $TRUE", "", ":1" if self.chance(2) else ""])
        if specs[name].switch:
            return f"{dash}{written}:{self.one(['$false', '$FALSE', '${False}'])}"
        text = self.literal(value)
        if specs[name].position is not None and self.chance(40):
            return text
        return f"{dash}{written}{self.one([':', ': ', ' ', ' ', '  '])}{text}"

    def _abbreviated(self, name: str, specs: Mapping[str, ParameterSpec]) -> str:
        spec = specs[name]
        if spec.aliases and self.chance(20):
            return self.one(spec.aliases)
        return name[: self.random.randint(1, len(name))] if self.chance(25) else name

    def literal(self, literal: Literal) -> str:
        """Write a literal in one of its forms."""
        match literal:
            case String():
                return self._string(literal)
            case Number():
                return self._number(literal)
            case Boolean():
                return self.one(
                    [self.case("$true"), "1", "5"] if literal.value else [self.case("$false"), "0", "${False}"]
                )
            case Null():
                return self.case("$null")
            case Array():
                return self._array(literal)
            case Hashtable():
                return self._table(literal)
        return self.case("(Get-Credential") + render_literal(literal).removeprefix("(Get-Credential")

    def _string(self, literal: String) -> str:
        plain = render_literal(literal)
        if not plain.startswith(("'", '"')) and self.chance(50):
            return self.case(plain) if literal.value.isalpha() and self.chance(20) else plain
        text = self.string(literal.value)
        return f"({text})" if self.chance(5) else text

    def _number(self, literal: Number) -> str:
        value = literal.value
        forms = [
            str(value),
            literal.text or str(value),
            hex(int(value)),
            f"'{literal.text or value}'",
            f"({value})",
            f"{value}.0",
        ]
        if int(value) % 1024 == 0:
            forms.append(f"{int(value) // 1024}{self.case('kb')}")
        return self.one(forms)

    def _array(self, literal: Array) -> str:
        gap = self.one(["", " ", "\n", " "])
        if not literal.items or self.chance(40):
            inside = ("," + gap).join(
                self.string(i.value) if isinstance(i, String) else render_literal(i) for i in literal.items
            )
            return f"@({gap}{inside}{gap})"
        return ("," + gap).join(map(self.literal, literal.items))

    def _table(self, literal: Hashtable) -> str:
        entries = [
            f"{self.case(key.value)}{self.one(['=', ' = '])}{self._inside(value)}" for key, value in literal.entries
        ]
        self.random.shuffle(entries)
        pad = self.one(["", " ", "\n"])
        return "@{" + pad + self.one(["; ", ";", "\n"]).join(entries) + pad + "}"

    def _inside(self, literal: Literal) -> str:
        if isinstance(literal, Array):
            text = ",".join(map(self._inside, literal.items))
            return f"@({text})" if self.chance(30) else text
        return self.string(literal.value) if isinstance(literal, String) else render_literal(literal)
