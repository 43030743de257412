"""The first look at a new box: run every read command, say what parsed, keep the answers as recordings."""

import json
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from plugfest.devices.dialects.dialect import Dialect
from plugfest.devices.dialects.reading import filled
from plugfest.devices.dialects.switch import CommandLine
from plugfest.errors import PlugfestError, SessionError, UsageError
from plugfest.records import Record
from plugfest.sessions.redaction import redact

if TYPE_CHECKING:
    from plugfest.sessions.pool import SessionPool

READ_ONLY = re.compile(r"(?:(?:sudo -n )?(?:vtysh -c '|lldpcli -f json0 ))?(?:show|display|nv show)\s")
"""A probe types nothing else."""


@dataclass(frozen=True)
class Finding:
    """What came of one command."""

    command: str
    records: int | None
    """Number of records; None if the answer was not understood or the command has no parser."""
    problem: str = ""
    file: Path | None = None

    def line(self) -> str:
        """One line for people."""
        if self.records is not None:
            return f"parsed      {self.command}: {self.records} records"
        if not self.problem:
            return f"no parser   {self.command}"
        return f"not parsed  {self.command}: {self.problem}"


class Findings(tuple[Finding, ...]):
    """Everything a probe found."""

    @property
    def parsed(self) -> int:
        """How many answers were understood."""
        return sum(finding.records is not None for finding in self)


def probe_switch(dialect: Dialect, command_line: CommandLine, *, folder: Path, port: str | None = None) -> Findings:
    """Type each reading's usual form and the dialect's wanted commands; answers go to `folder`, secrets masked.

    Nothing is changed on the device.  A lost connection ends the probe with its error.
    """
    forms = [filled(reading.commands[0], port) for reading in dialect.readings]
    commands = dict.fromkeys([form for form in forms if form] + list(dialect.wanted))
    return Findings(_probe(dialect, command_line, command, folder) for command in commands)


def _probe(dialect: Dialect, command_line: CommandLine, command: str, folder: Path) -> Finding:
    if not READ_ONLY.match(command):
        raise UsageError(f"{command!r} is not a read command: a probe does not type it")
    text = redact(command_line.run(command, timeout=120, check=False).out) + "\n"
    records: Sequence[Record] | None = None
    problem = ""
    if command not in dialect.wanted:
        try:
            records = dialect.parse(command, text, device=dialect.name)
        except SessionError:
            raise
        except PlugfestError as error:
            problem = str(error)
    file = save_recording(folder, dialect, command, text, records)
    return Finding(command, None if records is None else len(records), problem, file)


def save_recording(folder: Path, dialect: Dialect, command: str, text: str, records: Sequence[Record] | None) -> Path:
    """Write an answer as the tests keep them: `<dialect>/<command>/good_….txt` with its records beside it as JSON.

    An answer that was not understood is named `unread_….txt` and has no JSON.
    """
    place = folder / dialect.name / re.sub(r"[^a-z0-9]+", "_", command.lower()).strip("_")
    place.mkdir(parents=True, exist_ok=True)
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    file = place / f"{'unread' if records is None else 'good'}_{stamp}.txt"
    file.write_text(f"# dialect: {dialect.name}\n# command: {command}\n# recorded: {stamp}\n{text}")
    if records is not None:
        documents = [{"record": type(record).__name__, **record.model_dump(mode="json")} for record in records]
        file.with_suffix(".json").write_text(json.dumps(documents, indent=1) + "\n")
    return file


@contextmanager
def login(
    address: str, port: int, user: str, known_hosts: Path, key_file: Path | None, password: str | None
) -> "Iterator[SessionPool]":
    """A session pool that knows this one device, by its address."""
    from pydantic import SecretStr

    from plugfest.sessions.endpoint import Endpoint
    from plugfest.sessions.pool import SessionPool

    endpoint = Endpoint(
        name=address,
        address=address,
        port=port,
        user=user,
        key_file=key_file,
        password=SecretStr(password) if password is not None else None,
        known_hosts=known_hosts,
    )
    with SessionPool({address: endpoint}) as pool:
        yield pool
