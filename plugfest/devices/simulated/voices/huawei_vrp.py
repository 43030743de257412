"""Huawei VRP8 and YunShan OS."""

from plugfest.devices.simulated.fabric import SimulatedPort
from plugfest.devices.simulated.voices import Speaker, Voice, dashed

SUBTYPES = {"interface": "Interface Name", "local": "Locally Assigned", "mac": "MAC Address"}


def version(speaker: Speaker) -> str:
    """`display version`."""
    model = speaker.switch.model
    return (
        "Huawei Versatile Routing Platform Software\n"
        "YunShan OS, Version 1.23.1 (CE8800 V300R023C10)\n"
        "Copyright (C) 2021-2024 Huawei Technologies Co., Ltd.\n"
        f"HUAWEI {model} uptime is 41 days, 7 hours, 12 minutes\n"
    )


def interfaces(speaker: Speaker) -> str:
    """`display interface`."""
    return "".join(_interface(port) for port in speaker.ports())


def _interface(port: SimulatedPort) -> str:
    state = ("UP" if port.oper_up else "DOWN") if port.admin_up else "Administratively DOWN"
    protocol = "UP" if port.oper_up else "DOWN"
    address = f"Internet Address is {port.address}\n" if port.address else "Internet protocol processing : disabled\n"
    speed = str(port.speed_mbps) if port.oper_up else "AUTO"
    return (
        f"{port.name} current state : {state} (ifindex: {port.number})\nLine protocol current state : {protocol}\n"
        f"Description:\nRoute Port,The Maximum Transmit Unit is {port.mtu},The Maximum Frame Length is 9216\n{address}"
        f"IP Sending Frames' Format is PKTFMT_ETHNT_2, Hardware address is {dashed(port.mac)}\n"
        "Port Mode:     COMMON FIBER,     Port Split/Aggregate:               -\n"
        f"Speed: {speed:>20},     Loopback:                        NONE\n"
        "Duplex:                FULL,     Negotiation:                        -\n"
        "Input Flow-control: DISABLE,     Output Flow-control:          DISABLE\n"
        "Mdi:                      -,     Fec:                           RS-FEC\n"
        "Last physical up time   : 2025-03-01 10:44:55\nLast physical down time : -\n"
        "Current system time: 2025-03-19 08:15:27\nStatistics last cleared:never\n"
        "    Last 300 seconds input rate: 491 bits/sec, 0 packets/sec\n"
        "    Last 300 seconds output rate: 491 bits/sec, 0 packets/sec\n"
        f"    Input : {port.packets * 64} bytes, {port.packets} packets\n"
        f"    Output: {port.packets * 64} bytes, {port.packets} packets\n"
        f"    Input:\n      Unicast: {port.packets},   Multicast: 0\n      Discard: 0,   Frames: --\n\n"
        f"      Total Error: {port.errors}\n      CRC: {port.errors},   Giants: 0\n\n"
        f"    Output:\n      Unicast: {port.packets},   Multicast: 0\n      Discard: 0,   Buffers Purged: 0\n\n"
        "    Last 300 seconds input utility rate:  0.01%\n    Last 300 seconds output utility rate: 0.01%\n"
    )


def neighbors(speaker: Speaker) -> str:
    """`display lldp neighbor`."""
    return "".join(_neighbors(port) for port in speaker.ports())


def _neighbors(port: SimulatedPort) -> str:
    far = port.neighbor
    if far is None or not port.oper_up:
        return f"{port.name} has 0 neighbor(s)\n\n"
    port_id = dashed(far.port_id) if far.port_id_kind == "mac" else far.port_id
    return (
        f"{port.name} has 1 neighbor(s):\n\nNeighbor index                     :1\n"
        "Chassis type                       :MAC Address\n"
        f"Chassis ID                         :{dashed(far.chassis_mac)}\n"
        f"Port ID subtype                    :{SUBTYPES[far.port_id_kind]}\n"
        f"Port ID                            :{port_id}\n"
        f"Port description                   :{far.port_description}\n"
        f"System name                        :{far.system_name}\n"
        "System description                 :simulated\n\nSystem capabilities supported      :bridge router\n"
        f"System capabilities enabled        :bridge router\nExpired time                       :{far.ttl}s\n\n"
    )


def bgp(speaker: Speaker) -> str:
    """`display bgp peer`."""
    router_id, asn = speaker.identity
    sessions = speaker.sessions()
    head = (
        f" BGP local router ID        : {router_id}\n Local AS number            : {asn}\n"
        f" Total number of peers      : {len(sessions)}\n"
        f" Peers in established state : {sum(one.established for one in sessions)}\n\n"
        "  Peer            V          AS  MsgRcvd  MsgSent  OutQ  Up/Down       State  PrefRcv\n"
    )
    return head + "".join(
        f"  {one.neighbor:<15} 4 {one.remote_asn:>11}    20711    20698     0 "
        + (f" 172h04m Established {one.prefixes:>8}\n" if one.established else "00:11:07     Connect        0\n")
        for one in sessions
    )


VOICE: Voice = {
    "display bgp peer": bgp,
    "display version": version,
    "display interface": interfaces,
    "display lldp neighbor": neighbors,
}
