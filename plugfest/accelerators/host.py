"""Asks a host about its accelerators: which families it has, and what their tools say of every device."""

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence

from plugfest.accelerators.building import merged
from plugfest.accelerators.detection import FamilyMatch, detect, family
from plugfest.accelerators.family import Family
from plugfest.accelerators.records import Accelerator
from plugfest.devices.dialects.reading import Evidence
from plugfest.devices.dialects.registry import dialect
from plugfest.devices.protocols import Unsupported
from plugfest.errors import CommandError, ParseError
from plugfest.nics.pci import SHOW_UEVENTS
from plugfest.nics.records import PciDevice
from plugfest.records import Record
from plugfest.sessions.protocol import SessionProtocol

PROBE_SECONDS = 120.0
"""Tools of hosts with sixteen devices and a sleeping driver take tens of seconds."""


class AcceleratorHost:
    """Detection and listing over one session; programs are looked up once."""

    def __init__(self, name: str, session: SessionProtocol) -> None:
        self.name, self._session = name, session
        self._programs: dict[str, str | None] = {}

    def pci_devices(self) -> tuple[PciDevice, ...]:
        """Every PCI device by sysfs; Unsupported where the host shows none."""
        result = self._session.run(*shlex.split(SHOW_UEVENTS), check=False, idempotent=True)
        if not result.out.strip():
            raise Unsupported(f"{self.name} lists no PCI devices in sysfs; `{result.command}` said: {result.said}")
        found = dialect("rdma_host").parse(SHOW_UEVENTS, result.out, device=self.name)
        return tuple(record for record in found if isinstance(record, PciDevice))

    def families(self) -> tuple[FamilyMatch, ...]:
        """Families by PCI id."""
        return detect(self.pci_devices())

    def accelerators(self) -> tuple[Accelerator, ...]:
        """Every accelerator of every family, by its tool; empty if there is no accelerator at all.

        Unsupported if there are accelerators but not their tool, ParseError for an answer of unknown form.
        """
        found: list[Accelerator] = []
        for match in self.families():
            known = family(match.family)
            if self.program(known, known.tool) is None:
                seen = ", ".join(f"{device.bus} {device.vendor_id}:{device.device_id}" for device in match.devices)
                raise Unsupported(
                    f"{self.name} cannot list its {known.dialect.title}: {known.tool} is missing; PCI: {seen}"
                )
            found += self.listed(known)
        return tuple(found)

    def listed(self, known: Family) -> tuple[Accelerator, ...]:
        """The accelerators of one family from all commands of its listing, merged."""
        answers: list[tuple[Accelerator, ...]] = []
        for form in known.listing:
            commands = typed(form, _arguments(merged(answers)))
            told = tuple(record for command in commands for record in self.told(known, command, required=not answers))
            answers.append(tuple(record for record in told if isinstance(record, Accelerator)))
        return merged(answers)

    def told(self, known: Family, command: str, required: bool) -> Sequence[Record]:
        """Records of one command.

        A refusal, and an answer that an unverified reading does not understand, are errors only if it is required:
        otherwise the fields that it would have filled stay unmeasured.
        """
        text = self.answer(known, command)
        unverified = known.dialect.find(command)[0].evidence is Evidence.NONE
        try:
            return known.dialect.parse(command, text, device=self.name)
        except CommandError:
            if required:
                raise
        except ParseError:
            if required or not unverified:
                raise
        return ()

    def answer(self, known: Family, command: str) -> str:
        """What a tool printed, ended by a newline: the exit status proves that the answer is whole."""
        tool, *options = shlex.split(command)
        program = self.program(known, tool)
        if program is None:
            raise CommandError(f"{self.name}: {tool} is not installed")
        result = self._session.run(program, *options, timeout=PROBE_SECONDS, check=False, idempotent=True)
        return f"{result.out if result.out.strip() else result.err}".rstrip("\n") + "\n"

    def program(self, known: Family, tool: str) -> str | None:
        """Where a tool is: in the search path or in the family's folders; None if in neither."""
        if tool not in self._programs:
            names = [tool, *filter(None, [known.aliases.get(tool)])]
            places = [*names, *(f"{folder}/{name}" for folder in known.folders for name in names)]
            asked = [("command", "-v", place) for place in places]
            answers = self._session.batch(asked, check=False, idempotent=True)
            self._programs[tool] = next(
                (place for place, result in zip(places, answers, strict=True) if result.ok and result.out.strip()), None
            )
        return self._programs[tool]


def typed(form: str, arguments: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """A form as it is typed, optional parts left out; with placeholders, once for each set of arguments."""
    plain = "".join(part.partition("]")[2] if number else part for number, part in enumerate(form.split(" [")))
    if "{" not in plain.replace("{}", ""):
        yield plain
        return
    for known in arguments:
        text = plain
        for name, value in known.items():
            text = text.replace(f"{{{name}}}", value)
        if "{" not in text:
            yield text


def _arguments(known: Iterable[Accelerator]) -> list[dict[str, str]]:
    return [{"index": str(each.index), "chip": str(each.chip)} for each in known]
