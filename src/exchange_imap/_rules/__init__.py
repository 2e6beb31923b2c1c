"""The rules: about scripts, about the settings that a plan leads to, and about those that a server has."""
