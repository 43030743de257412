"""Finds secrets that someone wrote into a lab file.  The value itself is never shown."""

import re
from collections.abc import Iterator

from plugfest.inventory.problems import Problem
from plugfest.inventory.tree import Entry

_SECRET_KEY = re.compile(
    r"(^|[_-])(password|passwd|passphrase|pass|pwd|pw|secret|token|api_?key|private_?key|community)$", re.IGNORECASE
)
_PRIVATE_KEY_TEXT = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY")
_PRINTERS = ("echo", "printf")
_THREE_WAYS = (
    "remove it and change that secret; refer to it with key_file: PATH, password_env: VARIABLE"
    " or password_command: [PROGRAM, ARGUMENT]"
)


def secret_problems(entry: Entry, key: str = "") -> Iterator[Problem]:
    """Every literal secret at or below `entry`, which stands under `key`."""
    found = _literal_secret(entry, key)
    if found:
        yield Problem(entry.line, entry.where, f"expected a reference to a secret, found {found} – {_THREE_WAYS}")
        return
    for name, child in entry.keys.items():
        yield from secret_problems(child, name)
    for child in entry.items:
        yield from secret_problems(child)


def without_secrets(entry: Entry) -> Entry:
    """`entry` without the keys that hold literal secrets, so that nothing later can print them."""
    if isinstance(entry.value, dict):
        kept = {name: without_secrets(child) for name, child in entry.value.items() if not _literal_secret(child, name)}
        return Entry(kept, entry.line, entry.where)
    if isinstance(entry.value, list):
        kept_items = [without_secrets(child) for child in entry.value if not _literal_secret(child, "")]
        return Entry(kept_items, entry.line, entry.where)
    return entry


def _literal_secret(entry: Entry, key: str) -> str | None:
    """What kind of secret stands here in plain sight; None if none does."""
    if _SECRET_KEY.search(key) and not isinstance(entry.value, dict):
        return "a literal one"
    if isinstance(entry.value, str) and _PRIVATE_KEY_TEXT.search(entry.value):
        return "a private key"
    if key == "password_command" and entry.items and entry.items[0].value in _PRINTERS:
        return f"{entry.items[0].value} with the secret itself"
    return None
