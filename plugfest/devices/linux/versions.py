"""Which software a Linux device runs: one round trip asks every tool that matters for its version."""

import re
from collections.abc import Sequence

from plugfest.devices.answers import unknown_form
from plugfest.devices.records import DeviceFacts
from plugfest.inventory.models import Host, Switch
from plugfest.sessions.result import CommandResult

PROBES: dict[str, tuple[tuple[str, ...], str]] = {
    "kernel": (("uname", "-sr"), r"^(?P<version>Linux \S+)"),
    "system": (("cat", "/etc/os-release"), r"^PRETTY_NAME=\"?(?P<version>[^\"\n]+)"),
    "iproute2": (("ip", "-V"), r"iproute2-(?P<version>[^\s,]+)"),
    "lldpd": (("lldpcli", "-v"), r"(?P<version>\d[\w.+-]*)"),
    "frr": (("vtysh", "-c", "show version"), r"FRRouting (?P<version>\S+)"),
    "perftest": (("ib_write_bw", "--version"), r"Version: (?P<version>\S+)"),
    "tcpdump": (("tcpdump", "--version"), r"tcpdump version (?P<version>\S+)"),
}
"""Command and where the version stands in what it prints; a tool that is not there is left out."""

SHOW_VERSIONS = tuple(command for command, _ in PROBES.values())
ALWAYS_THERE = ("kernel", "system")


def parse_versions(results: Sequence[CommandResult]) -> dict[str, str]:
    """Versions by tool from the answers to `SHOW_VERSIONS`, in that order."""
    versions = {}
    for (name, (_, pattern)), result in zip(PROBES.items(), results, strict=True):
        if match := re.search(pattern, result.out + result.err, re.MULTILINE):
            versions[name] = match["version"].strip()
        elif name in ALWAYS_THERE or result.ok:
            raise unknown_form(result, f"expected the version of {name} as /{pattern}/, got: {result.said}")
    return versions


def host_facts(name: str, host: Host, versions: dict[str, str]) -> DeviceFacts:
    """Facts of a host: accelerators from the inventory, software as the host says."""
    accelerators = ", ".join(f"{item.count}x {item.vendor} {item.model}" for item in host.accelerators)
    return DeviceFacts(
        device=name,
        vendor=host.nics[0].vendor if host.nics else None,
        model=host.nics[0].model if host.nics else None,
        chip=accelerators or None,
        software=versions["system"],
        firmware=host.nics[0].firmware if host.nics else None,
        details=versions,
    )


def switch_facts(name: str, switch: Switch, versions: dict[str, str]) -> DeviceFacts:
    """Facts of a Linux switch: what it is from the inventory, software as the switch says."""
    frr = f", FRR {versions['frr']}" if "frr" in versions else ""
    return DeviceFacts(
        device=name,
        vendor=switch.vendor,
        model=switch.model,
        chip=switch.chip,
        software=f"{versions['system']}{frr}",
        details=versions,
    )
