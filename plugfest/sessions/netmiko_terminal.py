"""netmiko's drivers on a channel of our own connection, in step with the device while they log in.

Import it only when a terminal is opened: netmiko is slow to load.
"""

import re
from typing import Any

import netmiko
from netmiko.channel import SSHChannel
from netmiko.exceptions import ReadException

from plugfest.errors import UsageError
from plugfest.sessions.channels import opened
from plugfest.sessions.connection import Connection
from plugfest.sessions.deadline import Deadline

HEARD_CHARACTERS = 4096
"""How much of what came since the last line is kept, to see its prompt."""
ANY_PROMPT = r"\S*[#>$%\]]\s*$"
"""A line that looks like a prompt, for an operating system whose prompts are not known."""
POLL_SECONDS = 0.02
"""Between two looks for a prompt."""


class WatchedChannel(SSHChannel):
    """Says at once that the device hung up; the library would wait for the prompt until time is up."""

    typed, heard = "", ""
    """The last line that was typed, and what came since."""

    def write_channel(self, out_data: str) -> None:
        """Type something."""
        self.typed, self.heard = out_data.strip(), ""
        super().write_channel(out_data)

    def read_buffer(self) -> str:
        """What has come by now; ReadException if nothing can come any more."""
        text = str(super().read_buffer())
        self.heard = (self.heard + text)[-HEARD_CHARACTERS:]
        if not text and (self.remote_conn is None or self.remote_conn.closed or self.remote_conn.eof_received):
            raise ReadException("the device closed it")
        return text

    @property
    def answer(self) -> str:
        """What came after the echo of the last line, or all of it if the device does not echo."""
        return self.heard.rpartition(self.typed)[2] if self.typed else self.heard


def terminal_class(
    device_type: str, connection: Connection, prompt: str | None, deadline: Deadline
) -> type[netmiko.BaseConnection]:
    """netmiko's class for `device_type`, with its terminal on our connection instead of one of its own.

    `prompt` is a regular expression of a line that is nothing but a prompt.  Logging in raises DeadlineExceededError
    when time is up, and UsageError is raised for a device type that netmiko does not know.
    """
    if device_type not in netmiko.platforms:
        raise UsageError(f"{connection.endpoint.name}: netmiko knows no device type {device_type!r}")
    line_of_prompt = re.compile(rf"^\s*(?:{prompt or ANY_PROMPT})", re.MULTILINE)

    class Terminal(netmiko.ssh_dispatcher(device_type)):  # type: ignore[misc]
        login_prompt = ""

        def find_prompt(self, *args: Any, **named: Any) -> str:
            """Remembers the prompt, of which the driver keeps only the host name."""
            self.login_prompt = str(super().find_prompt(*args, **named)).strip()
            return self.login_prompt

        def disable_paging(self, *args: Any, **named: Any) -> str:
            return self._in_step(str(super().disable_paging(*args, **named)))

        def set_terminal_width(self, *args: Any, **named: Any) -> str:
            return self._in_step(str(super().set_terminal_width(*args, **named)))

        def _in_step(self, said: str) -> str:
            """Wait for the prompt; drivers go on at the echo.

            A line typed before the prompt is echoed before it, and the prompt would seem to belong to its answer.
            """
            deadline.wait_for(self._prompted, interval=POLL_SECONDS)
            return said

        def _prompted(self) -> bool:
            self.read_channel()
            return line_of_prompt.search(self.strip_ansi_escape_codes(self.channel.answer)) is not None

        def establish_connection(self, width: int = 511, height: int = 1000) -> None:
            with opened(connection.endpoint.name, connection.transport(), deadline) as channel:
                channel.get_pty("vt100", width, height)
                channel.invoke_shell()
            channel.settimeout(self.blocking_timeout)
            self.remote_conn, self.remote_conn_pre = channel, None
            self.channel = WatchedChannel(conn=channel, encoding=self.encoding)
            self.special_login_handler()

    return Terminal
