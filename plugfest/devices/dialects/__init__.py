"""Dialects of network operating systems: session traits, read commands and strict parsers to typed records."""
