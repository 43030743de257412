"""What one command on one device gave back."""

from typing import Self

from pydantic import field_validator

from plugfest.errors import CommandError
from plugfest.records import Record
from plugfest.sessions.redaction import redact

NO_STATUS = -1
"""Exit status of a command line interface that has none."""
DID_NOT_END = -2
"""Exit status of a command that was killed or whose connection was lost."""
SAID_CHARACTERS = 2000
"""How much of a device's output an error message quotes."""


class CommandResult(Record):
    """A finished command: where it ran, what it printed, how it ended, how long it took; never holds a secret."""

    device: str
    """Inventory name of the device."""
    command: str
    """The command line as the device got it, secrets redacted."""
    out: str
    """Standard output, decoded as UTF-8 with replacement characters."""
    err: str
    """Standard error."""
    exit_status: int
    """Exit status; NO_STATUS (-1) on network command lines, DID_NOT_END (-2) if we never saw the end."""
    duration: float
    """Seconds from request to end of output."""
    started: float
    """Seconds since the epoch at the start, by the controller's clock."""

    @field_validator("command", "out", "err")
    @classmethod
    def _without_secrets(cls, text: str) -> str:
        return redact(text)

    @property
    def ok(self) -> bool:
        """True if the command reported success or its CLI reports none."""
        return self.exit_status in (0, NO_STATUS)

    @property
    def said(self) -> str:
        """The end of what the command printed, standard error first choice: for error messages."""
        text = self.err.strip() or self.out.strip() or "nothing"
        return text if len(text) <= SAID_CHARACTERS else "…" + text[-SAID_CHARACTERS:]

    def require_ok(self) -> Self:
        """This result; CommandError with device, command, exit status and what the tool said unless it is ok."""
        if not self.ok:
            raise CommandError(
                f"{self.device}: `{self.command}` ended with exit status {self.exit_status}; it said: {self.said}"
            )
        return self
