"""PCI devices of a host: ``lspci -nn``, and the same from sysfs where lspci is not installed."""

import re

from plugfest.accelerators.building import bus_address
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.nics.records import PciDevice

DEVICE = re.compile(
    r"(?P<bus>(?:[\da-f]{4,8}:)?[\da-f]{2}:[\da-f]{2}\.[0-7]) (?P<kind>\S.*?) \[(?P<class>[\da-f]{4})\]: "
    r"(?P<name>.*?) ?\[(?P<vendor>[\da-f]{4}):(?P<device>[\da-f]{4})\](?: \((?:rev [\da-f]+|prog-if .*)\))*"
)
DETAIL = re.compile(r"\t(?P<name>[A-Z][\w ]*): ?(?P<value>.*)|\t\S.*|\s{2,}\S.*")
UEVENT = re.compile(r"(?P<name>[A-Z_]+)=(?P<value>.*)")
UEVENT_NAMES = {"DRIVER", "PCI_CLASS", "PCI_ID", "PCI_SUBSYS_ID", "PCI_SLOT_NAME", "MODALIAS"}
SHOW_UEVENTS = "find -L /sys/bus/pci/devices -maxdepth 2 -name uevent -exec cat {} +"


def listed(output: Output) -> tuple[PciDevice, ...]:
    """`lspci -nn [-D] [-k]`: every device with class and ids; drivers only with -k."""
    found: list[PciDevice] = []
    for line in output.lines:
        match = DEVICE.fullmatch(line.text)
        if match:
            found.append(
                PciDevice(
                    bus=bus_address(match["bus"]),
                    kind=match["kind"],
                    class_id=match["class"],
                    vendor_id=match["vendor"],
                    device_id=match["device"],
                    name=match["name"] or None,
                )
            )
        elif line.text and not (found and (detail := DETAIL.fullmatch(line.text))):
            raise output.error("this line names no PCI device with class and ids", line)
        elif line.text and detail and detail["name"] == "Kernel driver in use":
            found[-1] = found[-1].model_copy(update={"driver": detail["value"]})
    return tuple(found)


def from_sysfs(output: Output) -> tuple[PciDevice, ...]:
    """The `uevent` files of all PCI devices, one after the other; each ends with its MODALIAS."""
    found: list[PciDevice] = []
    said: dict[str, str] = {}
    for line in output.lines:
        match = UEVENT.fullmatch(line.text)
        if not match or match["name"] in said:
            raise output.error("expected a line NAME=VALUE, each name once a device", line)
        if match["name"] in UEVENT_NAMES:
            said[match["name"]] = match["value"]
        if match["name"] == "MODALIAS":
            with output.at(line):
                found.append(_device(said))
            said = {}
    if said:
        raise output.error("the last device is cut off", output.last)
    return tuple(found)


def _device(said: dict[str, str]) -> PciDevice:
    ids = re.fullmatch(r"([\dA-F]{4}):([\dA-F]{4})", said.get("PCI_ID", ""))
    kind = re.fullmatch(r"[\dA-F]{1,6}", said.get("PCI_CLASS", ""))
    if not ids or not kind:
        raise ValueError("PCI_ID or PCI_CLASS is missing")
    return PciDevice(
        bus=bus_address(said.get("PCI_SLOT_NAME", "")),
        kind=None,
        class_id=kind[0].lower().zfill(6)[:4],
        vendor_id=ids[1].lower(),
        device_id=ids[2].lower(),
        driver=said.get("DRIVER"),
    )


READINGS = (
    Reading(
        ("lspci -nn", "lspci -nn -D", "lspci -D -nn", "lspci -Dnn", "lspci -nnk", "lspci -nn -k", "lspci -Dnnk"),
        (Question.PCI,),
        listed,
        Evidence.DEVICE,
    ),
    Reading((SHOW_UEVENTS,), (Question.PCI,), from_sysfs, Evidence.DEVICE),
)
