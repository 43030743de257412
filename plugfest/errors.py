"""Every exception of the harness, in one tree; each class says what the run's exit code should be.

The important line runs between *the devices are at fault* (`InteropFailure`, an AssertionError) and *the lab is at
fault* (`LabError`, never an AssertionError).  `Inconclusive` is neither: the evidence does not allow a judgement.
"""

from typing import ClassVar


class PlugfestError(Exception):
    """Base of all errors that are told to the user as one message without a traceback."""

    exit_code: ClassVar[int] = 1


class UsageError(PlugfestError):
    """An option or argument is wrong; the message says what would be right."""

    exit_code = 2


class MissingToolError(PlugfestError):
    """A program this machine needs is not installed; the message names the package."""

    exit_code = 3


class InventoryError(PlugfestError):
    """A lab file is wrong; the message holds file, line, what was expected and, in conflicts, both places."""

    exit_code = 4


class LabError(PlugfestError):
    """The lab is at fault, not the devices under test: unreachable, not reserved, tool missing, VM dead."""

    exit_code = 5


class EmbeddedLabError(LabError):
    """The embedded lab could not be built, started, reached or reset."""


class SessionError(LabError):
    """A device could not be reached or stopped answering."""


class AuthenticationError(SessionError):
    """The device refused our credential."""


class HostKeyError(SessionError):
    """The device's host key is unknown or changed; contact stops."""


class ConnectionLostError(SessionError):
    """An established connection broke while a command was running."""


class DeadlineExceededError(LabError):
    """A named wait ended without its condition; the message holds the last observation."""


class CommandError(LabError):
    """A command on a device failed although the harness needed it to succeed."""


class ParseError(LabError):
    """A device's output has a form we do not know; the message names device, command and line."""


class CaptureError(PlugfestError):
    """A file is not a capture, is empty or cannot be read."""

    exit_code = 6


class Inconclusive(PlugfestError):  # noqa: N818 - an outcome of a test, not a fault
    """The evidence is not good enough to judge: capture incomplete, counters absent, no traffic seen."""


class InteropFailure(AssertionError):  # noqa: N818 - an outcome of a test, not a fault
    """The devices do not interoperate: the claim was judged on good evidence and is false."""


class CounterDefect(InteropFailure):
    """One of three views – wire, NIC, switch – contradicts the two that agree: a counter lies, the protocol works."""
