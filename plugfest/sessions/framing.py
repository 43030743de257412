"""Finding where the output of one command ends in a stream of bytes."""

import re
import secrets

from plugfest.sessions.redaction import redact


def new_marker() -> str:
    """128 random bits as hexadecimal text; the shell prints it with a number where a command ends."""
    return secrets.token_hex(16)


class Stream:
    """The bytes of one direction, cut at markers."""

    def __init__(self) -> None:
        self.data = bytearray()
        self._searched = 0

    def find(self, marker: str) -> re.Match[bytes] | None:
        """The line ``marker NUMBER`` if it has come."""
        match = re.compile(rb"%b (\d+)\n" % marker.encode()).search(self.data, self._searched)
        if match is None:
            self._searched = max(0, len(self.data) - len(marker) - 16)
        return match

    def cut(self, marker: str) -> tuple[bytes, int] | None:
        """What came before the line ``marker NUMBER`` and the number, both removed; None before it has come."""
        match = self.find(marker)
        if match is None:
            return None
        before, number, end = bytes(self.data[: match.start()]), int(match[1]), match.end()
        del match  # it holds the buffer, which could not shrink
        del self.data[:end]
        self._searched = 0
        return before, number

    def text_before(self, marker: str) -> str:
        """What has come so far, without the marker; decoded as UTF-8 with replacement characters, redacted."""
        return redact(bytes(self.data).partition(marker.encode())[0].decode(errors="replace"))
