"""Check a script before any of it is sent."""
