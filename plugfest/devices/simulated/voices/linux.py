"""A Linux host or switch: iproute2, ethtool, lldpd and ping, by their arguments."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from plugfest.devices.simulated.fabric import Announcement, SimulatedFabric, SimulatedPort
from plugfest.devices.simulated.voices.ascend import QUESTIONS, TOOL, owned_by_npu
from plugfest.inventory.models import Device

IPV4_AND_ICMP_HEADERS = 28
TOOLS = ("ip", "ethtool", "lldpcli", "ping", "vtysh", "grep", "tc", "nft", "dmesg")
ABSENT = ("rdma", "ibv_devinfo", "ibv_devices", "ib_write_bw", "tcpdump", "lspci", "devlink", "dcb", "mlnx_qos")
"""Tools that this computer may have, but the simulated host has not."""
BOOT, UPTIME, FIRST = "/proc/sys/kernel/random/boot_id", "/proc/uptime", "/proc/1/stat"
SUBTYPES = {"interface": "ifname", "local": "local", "mac": "mac"}


def tools_of(device: Device) -> tuple[str, ...]:
    """Tools that a simulated host answers for, or has not got."""
    return (*TOOLS, *ABSENT, *([TOOL] if any(map(owned_by_npu, device.ports)) else []))


class Said(NamedTuple):
    """Exit status and what was printed; standard error only if something is wrong."""

    status: int
    out: str
    err: str = ""


def answer(fabric: SimulatedFabric, device: str, argv: Sequence[str]) -> Said:
    """What the tool `argv` prints on `device`; exit status 2 for a question it was not made for."""
    words = tuple(argv)
    if words in ANSWERS:
        return Said(0, ANSWERS[words](fabric, device))
    if words[0] in ABSENT:
        return Said(127, "", f"sh: 1: {words[0]}: not found\n")
    return _by_pattern(fabric, device, words)


def _by_pattern(fabric: SimulatedFabric, device: str, words: tuple[str, ...]) -> Said:
    match words:
        case ("grep", "-sH", ".", *files):
            return Said(0, "".join(_small_file(file, _ports(fabric, device)) for file in files))
        case ("grep", *_):
            return Said(1, "")  # no program of ours, no trouble in the kernel
        case ("hccn_tool", "-i", number, question, "-g"):
            return _npu(fabric, device, number, question)
        case ("ping", *options, "-s", data, address) if data.isdecimal():
            count = int(options[options.index("-c") + 1]) if "-c" in options else 3
            return _ping(fabric, device, address, int(data) + IPV4_AND_ICMP_HEADERS, count)
    return Said(2, "", f"{' '.join(words)}: the simulated {device} has no answer to this\n")


def _ports(fabric: SimulatedFabric, device: str) -> list[SimulatedPort]:
    """The ports that Linux knows."""
    return [port for port in fabric.ports(device) if not owned_by_npu(port.name)]


def _npu(fabric: SimulatedFabric, device: str, number: str, question: str) -> Said:
    """What `hccn_tool` says of a card; it refuses other questions and other cards."""
    port = next((port for port in fabric.ports(device) if port.name == f"npu{number}"), None)
    if port is None or question not in QUESTIONS:
        return Said(1, "", "hccn_tool cmd error\n")
    return Said(0, QUESTIONS[question](port))


def _brief(fabric: SimulatedFabric, device: str) -> str:
    return "".join(
        f"{port.number}: {port.name}: <BROADCAST,MULTICAST{',UP' if port.admin_up else ''}> mtu {port.mtu} qdisc mq "
        f"state {'UP' if port.oper_up else 'DOWN'} mode DEFAULT group default qlen 1000\\    link/ether {port.mac}\n"
        for port in _ports(fabric, device)
    )


def _links(fabric: SimulatedFabric, device: str) -> str:
    return json.dumps([_link(port) for port in _ports(fabric, device)]) + "\n"


def _link(port: SimulatedPort) -> dict[str, object]:
    address, _, length = (port.address or "").partition("/")
    count = {"bytes": port.packets * 64, "packets": port.packets, "dropped": 0}
    received = {**count, "errors": port.errors, "crc_errors": port.errors}
    flags = ["BROADCAST", "MULTICAST", *(["UP"] if port.admin_up else []), *(["LOWER_UP"] if port.oper_up else [])]
    return {
        "ifindex": port.number,
        "ifname": port.name,
        "flags": flags,
        "mtu": port.mtu,
        "operstate": "UP" if port.oper_up else "DOWN",
        "address": port.mac,
        "addr_info": [{"family": "inet", "local": address, "prefixlen": int(length)}] if address else [],
        "stats64": {"rx": received, "tx": {**count, "errors": 0, "carrier_changes": port.carrier_changes}},
    }


def _settings(fabric: SimulatedFabric, device: str) -> str:
    return "".join(map(_setting, _ports(fabric, device)))


def _setting(port: SimulatedPort) -> str:
    speed, duplex = (f"{port.speed_mbps}Mb/s", "Full") if port.oper_up else ("Unknown!", "Unknown! (255)")
    found = "yes" if port.oper_up else "no"
    return f"Settings for {port.name}:\n\tSpeed: {speed}\n\tDuplex: {duplex}\n\tLink detected: {found}\n"


def _heard(fabric: SimulatedFabric, device: str) -> str:
    heard = [_neighbor(port, port.neighbor) for port in _ports(fabric, device) if port.neighbor and port.oper_up]
    return json.dumps({"lldp": [{"interface": heard}]}) + "\n"


def _neighbor(port: SimulatedPort, far: Announcement) -> dict[str, object]:
    chassis = {"id": [{"type": "mac", "value": far.chassis_mac}], "name": [{"value": far.system_name}]}
    told = {
        "id": [{"type": SUBTYPES[far.port_id_kind], "value": far.port_id}],
        "descr": [{"value": far.port_description}],
        "ttl": [{"value": str(far.ttl)}],
    }
    return {"name": port.name, "via": "LLDP", "rid": str(port.number), "chassis": [chassis], "port": [told]}


def _sessions(fabric: SimulatedFabric, device: str) -> str:
    switch = fabric.lab.switches.get(device)
    if switch is None or switch.asn is None:
        return "{}\n"
    peers = {
        one.neighbor: {
            "remoteAs": one.remote_asn,
            "state": "Established" if one.established else "Active",
            "pfxRcd": one.prefixes,
            "idType": "ipv4",
        }
        for one in fabric.sessions(device)
    }
    return json.dumps({"routerId": switch.router_id, "as": switch.asn, "peers": peers}) + "\n"


def _small_file(path: str, ports: Sequence[SimulatedPort]) -> str:
    """One line as `grep -H` prints it; nothing for a file that the host has not got."""
    states = {f"/sys/class/net/{port.name}/operstate": "up" if port.oper_up else "down" for port in ports}
    known = {BOOT: "00000000-0000-4000-8000-000000000053", UPTIME: "86400.00 86400.00", FIRST: f"1 (init) S{' 0' * 20}"}
    value = {**states, **known}.get(path)
    return f"{path}:{value}\n" if value else ""


def _ping(fabric: SimulatedFabric, host: str, address: str, size: int, count: int) -> Said:
    """The own port refuses what is too long for it; the path says so for what is too long further on."""
    mtus = fabric.path_mtu(host, address)
    if mtus is None:
        return Said(2, "", "ping: connect: Network is unreachable\n")
    own, path = mtus
    head = f"PING {address} ({address}) {size - IPV4_AND_ICMP_HEADERS}({size}) bytes of data.\n"
    lost = f"\n--- {address} ping statistics ---\n{count} packets transmitted, 0 received, +{count} errors, "
    lost += f"100% packet loss, time {count * 200}ms\n\n"
    if size > own:
        return Said(1, head + f"ping: local error: message too long, mtu={own}\n" * count + lost)
    if size > path:
        needed = f"From {address} icmp_seq=1 Frag needed and DF set (mtu = {path})\n"
        return Said(1, head + needed * count + lost)
    replies = (
        f"{size - 20} bytes from {address}: icmp_seq={number} ttl=62 time=0.021 ms\n" for number in range(1, count + 1)
    )
    end = f"{count} packets transmitted, {count} received, 0% packet loss, time {count * 200}ms\n"
    times = "rtt min/avg/max/mdev = 0.021/0.021/0.021/0.000 ms\n"
    return Said(0, f"{head}{''.join(replies)}\n--- {address} ping statistics ---\n{end}{times}")


def _fixed(text: str) -> Callable[[SimulatedFabric, str], str]:
    return lambda fabric, device: text


ANSWERS: Mapping[tuple[str, ...], Callable[[SimulatedFabric, str], str]] = {
    ("ip", "-j", "-d", "-s", "-s", "addr", "show"): _links,
    ("ip", "-o", "link"): _brief,
    ("ip", "-V"): _fixed("ip utility, iproute2-6.1.0, libbpf 1.1.0\n"),
    ("ethtool", "*"): _settings,
    ("lldpcli", "-f", "json0", "show", "neighbors", "details"): _heard,
    ("lldpcli", "-v"): _fixed("1.0.16\n"),
    ("vtysh", "-c", "show bgp ipv4 unicast summary json"): _sessions,
    ("tc", "qdisc", "show"): _fixed(""),
    ("nft", "list", "tables"): _fixed(""),
    ("dmesg", "--level=emerg,alert,crit,err"): _fixed(""),
}
