"""Every rule, declared once: over scripts, over the settings that a plan leads to, and over those that a server has."""

from . import procedure_rules, reading_rules, session_rules, settings_rules, text_rules

__all__ = ["procedure_rules", "reading_rules", "session_rules", "settings_rules", "text_rules"]
