"""Arista EOS: who the switch is, from text and from JSON."""

import re

from pydantic import Field

from plugfest.devices.dialects.json_output import Wire, read_json
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.records import DeviceFacts

PROPERTY = re.compile(r"([A-Z][\w ]*|cEOS tools version): *(.*)")
KEPT = ("Architecture", "Internal build version", "Kernel version", "Image optimization")


class _Version(Wire):
    vendor: str | None = Field(default=None, alias="mfgName")
    model: str = Field(alias="modelName")
    version: str
    serial: str | None = Field(default=None, alias="serialNumber")
    architecture: str | None = None
    hardware: str | None = Field(default=None, alias="hardwareRevision")


def version(output: Output) -> tuple[DeviceFacts]:
    """`show version`."""
    facts: dict[str, str] = {}
    model = None
    for line in output.lines:
        found, named = PROPERTY.fullmatch(line.text), re.fullmatch(r"Arista (\S.*)", line.text)
        if named and model is None:
            model = named[1]
        elif found and found[1] not in facts:
            facts[found[1]] = found[2].strip()
        elif line.text:
            raise output.error("expected 'Name: value'", line)
    if not model or not facts.get("Software image version"):
        raise output.error("model or software image version was not found")
    return (
        DeviceFacts(
            device=output.device,
            vendor="Arista",
            model=model,
            chip=None,
            software=f"EOS {facts['Software image version']}",
            serial=facts.get("Serial number") or None,
            details={name.lower(): facts[name] for name in KEPT if facts.get(name)},
        ),
    )


def version_json(output: Output) -> tuple[DeviceFacts]:
    """`show version | json`."""
    wire = read_json(output, _Version)
    details = {"architecture": wire.architecture, "hardware revision": wire.hardware}
    return (
        DeviceFacts(
            device=output.device,
            vendor=wire.vendor or "Arista",
            model=wire.model,
            chip=None,
            software=f"EOS {wire.version}",
            serial=wire.serial or None,
            details={name: text for name, text in details.items() if text},
        ),
    )


READINGS = (
    Reading(("show version | json",), (Question.VERSION,), version_json, Evidence.DEVICE),
    Reading(("show version",), (Question.VERSION,), version, Evidence.DEVICE),
)
