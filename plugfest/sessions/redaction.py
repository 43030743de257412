"""Keeps secrets out of everything that is stored or shown: known values, and text that looks like a secret."""

import json
import logging
import re
import shlex
import threading

MASK = "***"

_WORDS = r"(?:password|passwd|passphrase|secret|token|api[_-]?key)"
_QUOTED = r"(?:\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*')"
_PATTERNS = re.compile(
    # a private key, also one that was cut off
    r"(?P<key>-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----)(?!\*\*\*)[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|\Z)"
    # "password": "x" – only text values, so that JSON stays JSON
    rf"|(?P<json>[\"']\w{{0,40}}{_WORDS}[\"']\s*:\s*){_QUOTED}"
    # password=x, secret: x
    rf"|(?P<field>\b\w{{0,40}}{_WORDS}[ \t]*[:=][ \t]*)(?:{_QUOTED}|[^\s,;}}\"']+)"
    # a line of device configuration: neighbor 10.0.0.1 password x, enable secret 5 x, snmp-server community x
    r"|(?P<line>^[ \t]*(?:[\w.:-]+[ \t]+){0,3}(?:password|secret|community|key-string)[ \t]+(?:\d+[ \t]+)?)"
    r"\S+(?=[ \t]*$)",
    re.IGNORECASE | re.MULTILINE,
)


class _Known:
    """The secret values of this process, as one regular expression over all their spellings."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._spellings: set[str] = set()
        self.expression: re.Pattern[str] | None = None

    def add(self, secret: str) -> None:
        spellings = {secret, json.dumps(secret)[1:-1], repr(secret)[1:-1], shlex.quote(secret).strip("'")}
        with self._lock:
            self._spellings |= spellings
            longest_first = sorted(self._spellings, key=len, reverse=True)
            self.expression = re.compile("|".join(map(_guarded, longest_first)))


def _guarded(spelling: str) -> str:
    """Very short secrets count only as whole words, or every text would turn into asterisks."""
    expression = re.escape(spelling)
    return rf"(?<!\w){expression}(?!\w)" if len(spelling) < 4 else expression


_known = _Known()


def remember(secret: str) -> None:
    """From now on mask `secret` wherever it turns up, also in JSON, shell-quoted and Python spelling."""
    if secret:
        _known.add(secret)


def redact(text: str) -> str:
    """`text` with every known secret and everything that looks like one replaced by ``***``; safe to repeat."""
    if _known.expression is not None:
        text = _known.expression.sub(MASK, text)
    return _PATTERNS.sub(_mask_value, text)


def _mask_value(match: re.Match[str]) -> str:
    kept = match[str(match.lastgroup)]
    value = match[0][len(kept) :]
    quote = value[0] if value[0] in "\"'" and value[0] == value[-1] and len(value) > 1 else ""
    return f"{kept}{quote}{MASK}{quote}"


class RedactingFilter(logging.Filter):
    """Masks secrets in log records; installed on the loggers of this room and of the SSH libraries."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record's message; always lets it pass."""
        record.msg, record.args = redact(record.getMessage()), ()
        return True
