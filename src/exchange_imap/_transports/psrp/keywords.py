"""The keywords of a connection: pypsrp's where they mean the same. What checks them is beside this module."""

from __future__ import annotations

from datetime import timedelta
from os import PathLike
from typing import Literal, TypedDict

from ..._powershell.secret import Secret
from ..._public import public

__all__ = ["Authentication", "MessageEncryption", "PsrpOptions"]

Authentication = Literal["kerberos", "negotiate", "ntlm", "basic", "certificate"]
MessageEncryption = Literal["auto", "always", "never"]


@public
class PsrpOptions(TypedDict, total=False):
    """The keywords of :meth:`PsrpTransport.exchange` and :meth:`PsrpTransport.windows`, all optional.

    >>> options: PsrpOptions = {"auth": "kerberos", "username": "admin@CONTOSO.COM"}
    """

    port: int
    """80 or 443 for Exchange, 5985 or 5986 for Windows, as ``ssl`` says, unless stated."""
    ssl: bool
    """TLS; off unless stated, since Kerberos, Negotiate and NTLM encrypt each message themselves."""
    path: str
    """``PowerShell`` or ``wsman`` unless stated."""
    auth: Authentication
    """``kerberos`` for Exchange and ``negotiate`` for Windows unless stated."""
    username: str
    """``user@REALM`` for Kerberos; without it the ticket of the process is used."""
    password: str | Secret
    encryption: MessageEncryption
    """Whether each message is encrypted; unless stated, only without TLS."""
    cert_validation: bool | str | PathLike[str]
    """Whether to verify the server's certificate, or the path of the authorities' certificates (PEM).

    Verified unless stated; ``False`` lets any server answer, and needs ``allow_insecure=True``.
    """
    connection_timeout: int
    """Seconds to connect, 30 unless stated."""
    operation_timeout: int
    """Seconds that the server may hold a request open while a command runs, 20 unless stated."""
    read_timeout: int
    """Seconds to wait for an answer, 30 unless stated; more than ``operation_timeout``."""
    timeout: timedelta
    """How long one command may take in all; without end unless stated."""
    max_answer_size: int
    """The most bytes of all answers to one command together, as sent; 256 MiB unless stated."""
    negotiate_service: str
    """The first part of the service principal name, ``HTTP`` unless stated (pypsrp's own default is ``host``)."""
    negotiate_hostname_override: str
    """The host in the service principal name, if it is not the host to connect to."""
    negotiate_delegate: bool
    negotiate_send_cbt: bool
    certificate_pem: str
    certificate_key_pem: str
    proxy: str | Secret
    """The proxy's address, with ``user:password@`` if it needs a login."""
    no_proxy: bool
    """Whether to ignore proxies of the environment: true unless stated."""
    locale: str
    """The language to answer in, ``en-US`` unless stated. Servers need not obey."""
    allow_insecure: bool
    """Let others on the network listen or answer: Basic without TLS and ``cert_validation=False`` need this."""
