"""Which software a Linux device runs: one round trip asks every tool that matters for its version."""

import re

from plugfest.devices.answers import unknown_form
from plugfest.devices.records import DeviceFacts
from plugfest.inventory.models import Host, Switch
from plugfest.sessions.result import CommandResult

PROBES: dict[str, tuple[str, str]] = {
    "kernel": ("uname -sr", r"(?P<version>\S+ \S+)"),
    "system": (". /etc/os-release && echo $PRETTY_NAME", r"(?P<version>.+)"),
    "iproute2": ("ip -V", r"ip utility, iproute2-(?P<version>[^\s,]+)"),
    "lldpd": ("lldpcli -v", r"(?P<version>\d[\w.+-]*)"),
    "frr": ("vtysh -c 'show version'", r"FRRouting (?P<version>\S+)"),
    "perftest": ("ib_write_bw --version", r"Version: (?P<version>\S+)"),
    "tcpdump": ("tcpdump --version", r"tcpdump version (?P<version>\S+)"),
}
"""Shell command (constant text) and where the version stands in what it prints; a missing tool is left out."""

_MARK = "--- "
SHOW_VERSIONS = ("sh", "-c", "\n".join(f"echo '{_MARK}{name}'; ({shell}) 2>&1" for name, (shell, _) in PROBES.items()))


def parse_versions(result: CommandResult) -> dict[str, str]:
    """Versions by tool from `SHOW_VERSIONS`; kernel and system are always there."""
    versions = {name: version for name, text in _answers(result).items() if (version := _version(name, text))}
    if missing := {"kernel", "system"} - versions.keys():
        raise unknown_form(result, f"expected the version of {' and '.join(sorted(missing))}, got {result.out!r:.120}")
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


def _answers(result: CommandResult) -> dict[str, str]:
    answers: dict[str, str] = {}
    for part in f"\n{result.out}".split(f"\n{_MARK}")[1:]:
        name, _, text = part.partition("\n")
        if name not in PROBES:
            raise unknown_form(result, f"unknown answer {name!r}")
        answers[name] = text
    return answers


def _version(name: str, text: str) -> str | None:
    match = re.search(PROBES[name][1], text.partition("\n")[0] if name in ("kernel", "system") else text)
    return match["version"].strip() if match else None
