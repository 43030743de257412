"""A host that is not there: answers by command line, everything else is not installed."""

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from plugfest.sessions.result import CommandResult
from tests.devices.dialects.saved import saved


def recorded(dialect: str) -> dict[str, str]:
    """Good answers of one dialect by command; the first of several."""
    return {each.command: each.answer for each in reversed(saved("good")) if each.dialect.name == dialect}


def uevent(bus: str, vendor: str, device: str, kind: str = "120000", driver: str = "") -> str:
    """What sysfs says of one PCI device."""
    first = f"DRIVER={driver}\n" if driver else ""
    return f"{first}PCI_CLASS={kind}\nPCI_ID={vendor}:{device}\nPCI_SLOT_NAME={bus}\nMODALIAS=pci:v0000{vendor}\n"


class FakeHost:
    """Fulfils `SessionProtocol` as far as accelerators need it."""

    name = "gpu1"

    def __init__(self, answers: Mapping[str, str], errors: Mapping[str, str] | None = None) -> None:
        self.answers, self.errors = dict(answers), dict(errors or {})
        self.typed: list[str] = []

    def run(self, *argv: str, check: bool = True, **_: Any) -> CommandResult:
        command = shlex.join(argv)
        self.typed.append(command)
        if argv[:2] == ("command", "-v"):
            known = {line.split()[0] for line in (*self.answers, *self.errors)}
            return self._result(command, f"/usr/bin/{argv[2]}\n" if argv[2] in known else "", "", argv[2] not in known)
        plain = next((line for line in self.answers if shlex.split(line) == list(argv)), None)
        wrong = next((line for line in self.errors if shlex.split(line) == list(argv)), None)
        if plain is not None:
            return self._result(command, self.answers[plain], "", 0)
        return self._result(command, "", self.errors[wrong] if wrong else f"bash: {argv[0]}: command not found\n", 1)

    def batch(self, commands: Sequence[Sequence[str]], **_: Any) -> list[CommandResult]:
        return [self.run(*argv) for argv in commands]

    def _result(self, command: str, out: str, err: str, status: int) -> CommandResult:
        return CommandResult(
            device=self.name, command=command, out=out, err=err, exit_status=int(status), duration=0.0, started=1.0
        )
