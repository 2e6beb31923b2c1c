"""How long reading takes: command lines beside `shlex.split` of the same text, then snapshots and scripts.

All are measured in turn, many times, and the best time of each counts. The ratio of a line is to `shlex.split` of that
line in the same run. Syntax is `parse_syntax` alone, which has no cmdlet.
"""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable
from typing import Final

import exchange_imap as xi
from exchange_imap._powershell.parser import parse_syntax
from exchange_imap.testing import FakeExchange

ROUNDS: Final = 60
ROUND_SECONDS: Final = 0.002
"""How long one round of one measurement is, about: as many calls as fit."""

DOCUMENT: Final = (
    'Set-ImapSettings -ExternalConnectionSettings "mail.contoso.com:993:SSL","mail.contoso.com:143:TLS"'
    " -X509CertificateName mail.contoso.com"
)
SERVER: Final = FakeExchange(servers=["MBX01"]).server("MBX01")
SETTINGS: Final = SERVER.stored
ALL_SETTINGS: Final = (
    'Set-ImapSettings -ExternalConnectionSettings "mail.contoso.com:993:SSL","mail.contoso.com:143:TLS"'
    ' -InternalConnectionSettings "mbx01.contoso.com:993:SSL","mbx01.contoso.com:143:TLS"'
    ' -X509CertificateName mail.contoso.com -SSLBindings "[::]:993","0.0.0.0:993"'
    ' -UnencryptedOrTLSBindings "[::]:143","0.0.0.0:143" -LoginType SecureLogin -EnableGSSAPIAndNTLMAuth $true'
    " -ExtendedProtectionPolicy None -EnforceCertificateErrors $false"
    ' -Banner "The Microsoft Exchange IMAP4 service is ready." -AuthenticatedConnectionTimeout 00:30:00'
    " -PreAuthenticatedConnectionTimeout 00:01:00 -MaxConnections 2147483647 -MaxConnectionFromSingleIP 2147483647"
    " -MaxConnectionsPerUser 16 -MaxCommandSize 10240 -MessageRetrievalMimeFormat BestBodyFormat"
    " -CalendarItemRetrievalOption iCalendar -OwaServerUrl https://mail.contoso.com/owa -EnableExactRFC822Size $false"
    " -ShowHiddenFoldersEnabled $false -SuppressReadReceipt $false -ProxyTargetPort 1993 -ProtocolLogEnabled $true"
    r' -LogFileLocation "C:\Program Files\Microsoft\Exchange Server\V15\Logging\Imap4"'
    " -LogFileRollOverSettings Daily -LogPerFileSizeQuota 2MB"
)
SCRIPT: Final = "\n".join(
    line
    for number in range(200)
    for line in (
        f"# server {number}",
        f'Set-ImapSettings -Server MBX{number} -ExternalConnectionSettings "mail.contoso.com:993:SSL"',
        f"Set-ImapSettings -Server MBX{number} -X509CertificateName mail.contoso.com -LoginType SecureLogin",
        "Restart-Service MSExchangeIMAP4; Restart-Service MSExchangeIMAP4BE",
        f"Get-ImapSettings -Server MBX{number} | Format-List *ConnectionSettings,*Bindings,X509CertificateName",
    )
)
"""1,000 lines."""

Reading = Callable[[], object]


def readings() -> dict[str, Reading]:
    """Return what is measured, by name; behind a line comes what it is held against."""
    record, printed = SETTINGS.to_record(), str(SETTINGS)
    return {
        "document's line: parse": lambda: xi.parse(DOCUMENT),
        "document's line: shlex": lambda: shlex.split(DOCUMENT),
        "27 settings: parse": lambda: xi.parse(ALL_SETTINGS),
        "27 settings: shlex": lambda: shlex.split(ALL_SETTINGS),
        "document's line: syntax": lambda: parse_syntax(DOCUMENT),
        "27 settings: syntax": lambda: parse_syntax(ALL_SETTINGS),
        "snapshot from a record": lambda: xi.ImapSettings.from_record(record),
        "snapshot from Format-List": lambda: xi.ImapSettings.parse(printed),
        "script of 1,000 lines: check": lambda: xi.check_script(SCRIPT),
        "script of 1,000 lines: parse": lambda: xi.parse_script(SCRIPT),
    }


def seconds(reading: Reading, calls: int) -> float:
    """Return the time of one call."""
    start = time.perf_counter()
    for _ in range(calls):
        reading()
    return (time.perf_counter() - start) / calls


def measure() -> dict[str, float]:
    """Return the best time of each in seconds."""
    measured = readings()
    best = {name: min(seconds(reading, 1) for _ in range(3)) for name, reading in measured.items()}
    calls = {name: max(int(ROUND_SECONDS / taken), 1) for name, taken in best.items()}
    for _ in range(ROUNDS):
        for name, reading in measured.items():
            best[name] = min(best[name], seconds(reading, calls[name]))
    return best


def main() -> None:
    """Print a line for each."""
    best = measure()
    for name, taken in best.items():
        beside = best.get(f"{name.partition(':')[0]}: shlex")
        ratio = f"   {taken / beside:6.2f} of shlex.split" if beside and not name.endswith("shlex") else ""
        print(f"{name:30} {taken * 1e6:11,.1f} us{ratio}")


if __name__ == "__main__":
    main()
