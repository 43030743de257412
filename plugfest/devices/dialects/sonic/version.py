"""SONiC: who the switch is."""

import re

from plugfest.devices.dialects.output import Line, Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.records import DeviceFacts

PROPERTY = re.compile(r"([A-Z][\w /()-]*): ?(.*)")
TROUBLE = re.compile(r"/\S+ ?: ?ERROR\b.*")
"""What a program that `show version` calls says where it cannot read the board's EEPROM."""
CONTAINER = re.compile(r"\S+(?: +\S+)+")
KEPT = {
    "Distribution": "distribution",
    "Kernel": "kernel",
    "Build commit": "build commit",
    "Build date": "build date",
    "Platform": "platform",
    "Hardware Rev": "hardware revision",
    "Hardware Revision": "hardware revision",
    "Hardware Version": "hardware revision",
    "SONiC OS Version": "SONiC OS version",
    "Product": "product",
}


def version(output: Output) -> tuple[DeviceFacts]:
    """One record from `show version`; the container list is checked in form and left out."""
    facts = _properties(output)
    software = facts.get("SONiC Software Version") or facts.get("Software Version")
    if not software:
        raise output.error("no line 'SONiC Software Version' was found")
    model = facts.get("HwSKU") or facts.get("Model Number")
    return (
        DeviceFacts(
            device=output.device,
            vendor=facts.get("Manufacturer") or facts.get("Mfg"),
            model=model,
            chip=facts.get("ASIC"),
            software=software,
            serial=facts.get("Serial Number"),
            details={name: facts[label] for label, name in KEPT.items() if facts.get(label)},
        ),
    )


def _properties(output: Output) -> dict[str, str]:
    facts: dict[str, str] = {}
    in_containers = False
    for line in output.lines:
        if re.fullmatch(r"(Docker images|Containers):|REPOSITORY +TAG +IMAGE ID .*", line.text):
            in_containers = True
            continue
        if TROUBLE.fullmatch(line.text):
            continue
        found = PROPERTY.fullmatch(line.text)
        if in_containers and (not line.text or CONTAINER.fullmatch(line.text)):
            continue
        if line.text and not found:
            raise output.error("expected 'Name: value'", line)
        if found:
            _fact(output, line, facts, found[1].rstrip(), found[2].strip())
    return facts


def _fact(output: Output, line: Line, facts: dict[str, str], name: str, value: str) -> None:
    if name in facts:
        raise output.error(f"{name!r} occurs twice", line)
    if value not in ("", "N/A"):
        facts[name] = value


READINGS = (Reading(("show version",), (Question.VERSION,), version, Evidence.DEVICE),)
