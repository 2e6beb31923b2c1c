"""Protocol logs of the IMAP4 service: who connected, from where, and what failed."""
