"""Every rule, declared once: over scripts, over the settings that a plan leads to, and over those that a server has."""
