"""Cisco NX-OS: who the switch is."""

import re

from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.records import DeviceFacts

SYSTEM = re.compile(r"\s+(?:NXOS|system):\s+version (\S+).*")
CHASSIS = re.compile(r"\s+cisco (Nexus ?\S*(?: \S+)?|N\d\S*).*", re.IGNORECASE)
START = re.compile(r"\s*(?:Cisco Nexus Operating System|Documents: )")
PROSE = re.compile(r"\s*[\w(\"<].*")
SERIAL = re.compile(r"\s+Processor Board ID (\S+)")


def version(output: Output) -> tuple[DeviceFacts]:
    """`show version`; licence text and the facts that are not read are checked in form only."""
    if not START.match(output.text):
        raise output.error("this does not begin like 'show version' of NX-OS", output.lines[0])
    for line in output.lines:
        if line.text and not PROSE.fullmatch(line.text):
            raise output.error("this line has a form we do not know", line)
    software, model, serial = (_once(output, pattern) for pattern in (SYSTEM, CHASSIS, SERIAL))
    if software is None or model is None:
        raise output.error("software version or chassis was not found")
    facts = DeviceFacts(
        device=output.device, vendor="Cisco", model=model, chip=None, software=f"NX-OS {software}", serial=serial
    )
    return (facts,)


def _once(output: Output, pattern: re.Pattern[str]) -> str | None:
    """The value of the one line that matches; ParseError if two lines disagree."""
    found = {match[1] for line in output.lines if (match := pattern.fullmatch(line.text))}
    if len(found) > 1:
        raise output.error(f"two different values: {', '.join(sorted(found))}")
    return found.pop() if found else None


READINGS = (Reading(("show version",), (Question.VERSION,), version, Evidence.DEVICE),)
