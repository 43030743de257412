"""What one command on one device gave back."""

from plugfest.records import Record


class CommandResult(Record):
    """A finished command: where it ran, what it printed, how it ended, how long it took."""

    device: str
    """Inventory name of the device."""
    command: str
    """The command line as the device got it, secrets redacted."""
    out: str
    """Standard output, decoded as UTF-8 with replacement characters."""
    err: str
    """Standard error."""
    exit_status: int
    """Exit status; -1 when the device's CLI has none (network operating systems)."""
    duration: float
    """Seconds from request to end of output."""
    started: float
    """Seconds since the epoch at the start, by the controller's clock."""

    @property
    def ok(self) -> bool:
        """True if the command reported success or its CLI reports none."""
        return self.exit_status in (0, -1)
