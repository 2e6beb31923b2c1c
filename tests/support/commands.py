"""Random cmdlets with adversarial texts, and the loose ways in which people write them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import exchange_imap as xi
from exchange_imap._model.codecs.lists import EditableListCodec, ListCodec
from exchange_imap._model.codecs.literals import BooleanCodec, CredentialCodec, IntegerCodec
from exchange_imap._model.codecs.passwords import PasswordCodec
from exchange_imap._model.codecs.values import TEXT, ValueCodec
from exchange_imap._model.codecs.words import LimitCodec, WordsCodec
from exchange_imap._model.common_parameters import NAMES_VARIABLES
from exchange_imap._model.declaration import parameters, required
from exchange_imap._model.specs import ParameterSpec
from exchange_imap._powershell.renderer import render_literal
from exchange_imap._powershell.syntax import Array, Boolean, Hashtable, Literal, Null, Number, String
from exchange_imap._values import Choice, is_dns_name

from .texts import Loose

UNBOUND = {*NAMES_VARIABLES, "public_folder_client_access"}
"""Fields that the judge cannot bind: its session has no variables, and of the one of Set-CASMailbox the documentation
names parameter sets of another cmdlet, while its syntax line has it beside all others."""
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
    xi.SetReceiveConnector,
    xi.SetReceiveConnector,
    xi.GetReceiveConnector,
    xi.SetCASMailbox,
    xi.GetCASMailbox,
    xi.GetExchangeServer,
    xi.GetExchangeCertificate,
    xi.EnableExchangeCertificate,
    xi.GetServerComponentState,
    xi.SetServerComponentState,
    xi.InvokeMonitoringProbe,
    xi.GetPopSettings,
    xi.SetPopSettings,
)
# Those whose parameters are made by their names, and the others' that PowerShell cannot choose a set without.
_BY_NAME = {
    xi.SetImapSettings, xi.GetImapSettings, xi.GetService, xi.SetService, xi.StartService, xi.StopService,
    xi.RestartService, xi.TestImapConnectivity, xi.FormatList, xi.GetPopSettings, xi.SetPopSettings,
}  # fmt: skip
_KEYS: Mapping[type[xi.Cmdlet], set[str]] = {
    xi.GetExchangeServer: {"identity", "domain"},
    xi.EnableExchangeCertificate: {"identity"},
    xi.GetExchangeCertificate: {"thumbprint", "identity"},
}
_RANGES = ("10.0.0.1", "10.0.0.1-10.0.0.9", "192.168.1.1/24", "::1", "fe80::1%11", "2001:db8::/32", "::-ffff::")
_VALUES: Mapping[type, Sequence[object]] = {
    timedelta: [timedelta(seconds=n) for n in (1, 5, 300, 3600, 86_400)],
    xi.ByteQuota: [xi.ByteQuota(n) for n in (65536, 2**20, 36 * 2**20, 65537, 2**31 - 1)],
    xi.TlsCertificateName: [
        xi.TlsCertificateName("CN=Contoso CA, O=Contoso", "CN=mail.contoso.com"),
        xi.TlsCertificateName('O="Contoso, Ltd."', "CN=*.contoso.com, C=US"),
        xi.TlsCertificateName("CN=O’Brien $x", "CN=a`b"),
    ],
}
_NUMBERS = {"max_logon_failures": [0, 10]}
_BOUNDED = {
    "fqdn": ("mail.contoso.com", "MBX01"),
    "service_discovery_fqdn": ("autodiscover.contoso.com",),
    "name": ("Client Frontend MBX01", "a b’c", "$x"),
    "thumbprint": ("434AC224C8459924B26521298CE8834C514856AB", "5113ae0233a72fccb75b1d0198628675333d010e", "1" * 40,
                   "12345678901234567890123456789012345678e5", "0b" + "1" * 38, "1" * 39 + "D"),
}  # fmt: skip
_HOSTS = ("mail.contoso.com", "MBX01", "imap-1.contoso.com", "a_b.example", "10.0.0.1", "posteingang.müller.de")
_ADDRESSES = ("0.0.0.0", "127.0.0.1", "10.0.0.12", "::", "::1", "fe80::1%8", "::ffff:10.0.0.1", "2001:db8::5")
_USERS = ("contoso\\Administrator", "bob@contoso.com", "O'Brien", "J. \u2018Doe\u2019", "$bob", "a`b")
_PRESENT = ["", "", "", ":$true", ": $TRUE", ":${true}"]
_ABSENT = [":$false", ": $FALSE", ":${False}"]
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

    def parameters(self, cls: type[xi.Cmdlet]) -> dict[str, ParameterSpec]:
        """Return what may be stated: no password, which no text shows, and nothing that the judge cannot bind."""
        specs = parameters(cls).items()
        return {f: s for f, s in specs if f not in UNBOUND and not isinstance(s.codec, PasswordCodec)}

    def states(self, spec: ParameterSpec, percent: int) -> bool:
        """Pick a parameter that need not be there, a common one less often."""
        return self.chance(5 if spec.common else percent)

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
            "x509_certificate_name": lambda: self.random.choice([*filter(is_dns_name, _HOSTS), "", None]),
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
            "max_command_size": lambda: self.random.randint(
                *((40, 1024) if cls is xi.SetPopSettings else (1024, 16384))
            ),
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
        maker = makers.get(name) if cls in _BY_NAME else None
        return None if spec.nullable and self.chance(5) else maker() if maker else self.of_kind(name, spec.codec)

    def of_kind(self, name: str, kind: object) -> object:
        """Make a value of a parameter's kind."""
        if isinstance(kind, BooleanCodec):
            return self.chance(50)
        if isinstance(kind, EditableListCodec | ListCodec):
            return self._several(kind)
        if isinstance(kind, CredentialCodec):
            return xi.CredentialPrompt(self.random.choice([None, *_USERS]))
        if isinstance(kind, WordsCodec):
            return tuple(self.random.sample(_members(kind), self.random.randint(0, 3)))
        if isinstance(kind, IntegerCodec | ValueCodec):
            return self._value(name, kind)
        return self.one(_BOUNDED[name]) if kind != TEXT and name in _BOUNDED else self.text()

    def _several(self, kind: EditableListCodec[Any] | ListCodec[Any]) -> object:  # Any: of whatever items
        items: dict[type, Callable[[], object]] = {
            xi.Binding: self.binding,
            xi.IPRange: lambda: xi.IPRange.parse(self.one(_RANGES)),
        }
        whole = kind.whole if isinstance(kind, EditableListCodec) else kind
        maker = items.get(whole.item.type, self.text)
        if isinstance(kind, EditableListCodec):
            return self.listed(maker) or ()
        return tuple(maker() for _ in range(self.random.randint(1, 3)))

    def _value(self, name: str, kind: IntegerCodec | ValueCodec[Any]) -> object:  # Any: of whatever type
        if isinstance(kind, LimitCodec):
            return xi.Limit(self.random.choice([None, 1, 5, 10_000]))
        if kind.type in _VALUES:
            return self.random.choice(_VALUES[kind.type])
        if issubclass(kind.type, Choice):
            return self.random.choice([member for member in kind.type if not kind.bounds or kind.bounds.holds(member)])
        return self.random.choice(_NUMBERS.get(name, [1, 5, 50]))

    def _fields(self, cls: type[xi.Cmdlet]) -> list[str]:
        """Pick the parameters to state, of those that go together."""
        specs = self.parameters(cls)
        # "Instance" takes an object from a pipe, and without one no set is certain.
        sets = {name for spec in specs.values() for name in spec.sets} - {"Instance"} or {""}
        chosen = self.random.choice(sorted(sets))
        fields = [field for field, spec in specs.items() if not spec.sets or chosen in spec.sets]
        needed = [field for field in fields if specs[field].mandatory or field in required(cls) | _KEYS.get(cls, set())]
        return needed + [f for f in fields if f not in needed and self.states(specs[f], 12)]

    def cmdlet(self) -> xi.Cmdlet:
        """Make a cmdlet with some of its parameters, in any order."""
        cls = self.random.choice(CMDLETS)
        if cls not in _BY_NAME:
            chosen = self._fields(cls)
            self.random.shuffle(chosen)
            return self._make(cls, chosen)
        specs = self.parameters(cls)
        fields = list(specs)
        services = (xi.StartService, xi.StopService, xi.RestartService, xi.GetService)
        if cls in services:
            fields.remove(self.one(["name", "display_name"]))
        stated = [f for f in fields if self.states(specs[f], 25)]
        if cls in services:
            named = "name" if "name" in fields else "display_name"
            stated = [named, *(f for f in stated if f != named)]
        elif cls is xi.SetService and "name" not in stated:
            stated.append("name")
        self.random.shuffle(stated)
        return self._make(cls, stated)

    def _make(self, cls: type[xi.Cmdlet], stated: list[str]) -> xi.Cmdlet:
        values: dict[str, Any] = {f: self.field(cls, f) for f in stated}  # Any: each of its field's type
        return cls(**values, order=tuple(stated))

    # -- the same, loosely written -----------------------------------------------------------------------------

    def loosely(self, cmdlet: xi.Cmdlet) -> str:
        """Write a cmdlet in one of the many ways that PowerShell reads."""
        command = cmdlet.to_command()
        specs = {spec.name: spec for spec in parameters(type(cmdlet)).values()}
        words = [self._called(self.case(command.name)) if self.chance(15) else self.case(command.name)]
        places = {name for name, spec in specs.items() if _has_place(spec, type(cmdlet))}
        words += [self._parameter(p.name, p.value, specs, places) for p in command.parameters]
        if self.chance(3):
            words.insert(self.random.randint(1, len(words)), self.odd(3))
        return "".join(word + (self.blank() if i < len(words) - 1 else "") for i, word in enumerate(words))

    def _called(self, name: str) -> str:
        """Write a command's name behind the call operator, in quotes or without."""
        return "&" + self.one(["", " ", "\t", " `\n", " <# note #> "]) + self.one([name, name, self.string(name)])

    def _parameter(self, name: str, value: Literal | None, specs: Mapping[str, ParameterSpec], places: set[str]) -> str:
        dash, written = self.one("----\u2013\u2014\u2015"), self.case(self._abbreviated(name, specs))
        own = not getattr(specs[name].codec, "converts", False)
        if value is None:
            return dash + written + self.one(_PRESENT if own else [*_PRESENT, ":1", ":0x10", ":$null"])
        if specs[name].switch:
            return dash + written + self.one(_ABSENT if own else [*_ABSENT, ":0", ": 0.0"])
        text = self.literal(value)
        if name in places and self.chance(40):
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


def _members(kind: WordsCodec[Choice]) -> list[Choice]:
    return list(kind.members)


def _has_place(spec: ParameterSpec, cls: type[xi.Cmdlet]) -> bool:
    """Say whether a value without a name is this parameter's, and not another's of the default set."""
    rivals = [
        other for other in parameters(cls).values() if other.position == spec.position and cls.default_set in other.sets
    ]
    return spec.position is not None and (not rivals or spec in rivals)
