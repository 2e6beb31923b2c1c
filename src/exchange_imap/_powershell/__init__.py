"""The language: commands and pipelines, their parser and renderer, and the shell's printed forms.

Knows nothing of Exchange.
"""
