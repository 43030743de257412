"""SONiC, and the brands that answer as it does."""

from collections.abc import Sequence

from plugfest.devices.simulated.fabric import Session, SimulatedPort
from plugfest.devices.simulated.voices import Speaker, Voice

Row = tuple[str, ...]


def table(header: Row, rows: Sequence[Row]) -> str:
    """A table as `tabulate` prints it: columns as wide as their widest cell, a ruler below the header."""
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    lines = [header, tuple("-" * width for width in widths), *rows]
    return "".join(
        "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) + "\n" for line in lines
    )


def up(state: bool) -> str:
    """How SONiC prints a state."""
    return "up" if state else "down"


def version(speaker: Speaker) -> str:
    """`show version`."""
    model = speaker.switch.model
    return (
        f"SONiC Software Version: SONiC.{speaker.switch.nos.split()[-1]}\nSONiC OS Version: 12\n"
        "Distribution: Debian 12.9\nKernel: 6.1.0-29-2-amd64\nBuild commit: 00000000\n"
        "Build date: Tue Feb 11 03:14:09 UTC 2025\n"
        f"Built by: simulation@plugfest\n\nPlatform: x86_64-simulated-r0\nHwSKU: {model}\nASIC: simulated\n"
        f"ASIC Count: 1\nSerial Number: SIMULATED\nModel Number: {model}\nHardware Revision: N/A\n"
        "Uptime: 08:31:44 up 12 days,  3:07,  2 users,  load average: 0.42, 0.51, 0.47\n"
        "Date: Wed 19 Mar 2025 08:31:44\n"
    )


def status(speaker: Speaker) -> str:
    """`show interfaces status`."""
    header = ("Interface", "Lanes", "Speed", "MTU", "FEC", "Alias", "Vlan", "Oper", "Admin", "Type", "Asym PFC")
    return table(header, [_status(port) for port in speaker.ports()])


def _status(port: SimulatedPort) -> Row:
    lane, speed = str(port.number * 8), f"{port.speed_mbps // 1000}G"
    state = (up(port.oper_up), up(port.admin_up))
    return (port.name, lane, speed, str(port.mtu), "rs", f"Eth{port.number}", "routed", *state, "QSFP-DD", "off")


def counters(speaker: Speaker) -> str:
    """`show interfaces counters`."""
    one_way = ("OK", "BPS", "UTIL", "ERR", "DRP", "OVR")
    header = ("IFACE", "STATE", *(f"{way}_{what}" for way in ("RX", "TX") for what in one_way))
    return table(header, [_counters(port) for port in speaker.ports()])


def _counters(port: SimulatedPort) -> Row:
    state = "U" if port.oper_up else "D" if port.admin_up else "X"
    received, sent = (("0.00 B/s", "0.00%", str(errors), "0", "0") for errors in (port.errors, 0))
    return (port.name, state, f"{port.packets:,}", *received, f"{port.packets:,}", *sent)


def neighbors(speaker: Speaker) -> str:
    """`show lldp neighbors`."""
    ruler = "-" * 79 + "\n"
    heard = [_neighbor(port) for port in speaker.ports() if port.neighbor and port.oper_up]
    return f"{ruler}LLDP neighbors:\n{ruler}" + "".join(text + ruler for text in heard)


def _neighbor(port: SimulatedPort) -> str:
    far = port.neighbor
    assert far is not None
    kind = {"interface": "ifname", "local": "local", "mac": "mac"}[far.port_id_kind]
    return (
        f"Interface:    {port.name}, via: LLDP, RID: {port.number}, Time: 3 days, 01:22:09\n"
        f"  Chassis:\n    ChassisID:    mac {far.chassis_mac}\n    SysName:      {far.system_name}\n"
        f"    SysDescr:     simulated\n    Capability:   Bridge, on\n    Capability:   Router, on\n"
        f"  Port:\n    PortID:       {kind} {far.port_id}\n    PortDescr:    {far.port_description}\n"
        f"    TTL:          {far.ttl}\n"
    )


def bgp(speaker: Speaker) -> str:
    """`show ip bgp summary`; the typing error in the header is SONiC's own."""
    router_id, asn = speaker.identity
    columns = ("Neighbhor", "V", "AS", "MsgRcvd", "MsgSent", "TblVer", "InQ", "OutQ", "Up/Down", "State/PfxRcd")
    rows = [
        (one.neighbor, "4", str(one.remote_asn), "20711", "20698", "0", "0", "0", *_told(one), "NotAvailable")
        for one in speaker.sessions()
    ]
    return (
        f"IPv4 Unicast Summary:\nBGP router identifier {router_id}, local AS number {asn} vrf-id 0\n"
        f"BGP table version 1\n\n\n{table((*columns, 'NeighborName'), rows)}\nTotal number of neighbors {len(rows)}\n"
    )


def _told(session: Session) -> tuple[str, str]:
    return ("2d05h17m", str(session.prefixes)) if session.established else ("never", "Active")


VOICE: Voice = {
    "show ip bgp summary": bgp,
    "show version": version,
    "show interfaces status": status,
    "show interfaces counters": counters,
    "show lldp neighbors": neighbors,
}
