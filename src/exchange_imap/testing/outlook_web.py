"""What users of Outlook on the web are shown of IMAP4, POP3 and SMTP: what IIS read when it started.

Source: Microsoft's page of enabling IMAP4, by which a change of external settings may show only after IIS has been
restarted.
"""

from __future__ import annotations

import attrs

from .._cmdlets.advertised import shown_to_users
from .._values import ConnectionSetting

__all__ = ["OutlookWeb"]


@attrs.frozen
class OutlookWeb:
    """The settings under Settings > Options > Mail > Accounts > POP and IMAP."""

    imap: tuple[ConnectionSetting, ...] = attrs.field(converter=shown_to_users)
    pop: tuple[ConnectionSetting, ...] = attrs.field(converter=shown_to_users)
    smtp: tuple[ConnectionSetting, ...]
