"""H3C Comware."""

from plugfest.devices.simulated.fabric import SimulatedPort
from plugfest.devices.simulated.voices import Speaker, Voice, dashed

SUBTYPES = {"interface": "Interface name", "local": "Locally assigned", "mac": "MAC address"}


def version(speaker: Speaker) -> str:
    """`display version`."""
    return (
        "H3C Comware Software, Version 9.1.058, Release 9153P02\n"
        "Copyright (c) 2004-2025 New H3C Technologies Co., Ltd. All rights reserved.\n"
        f"H3C {speaker.switch.model} uptime is 3 weeks, 2 days, 11 hours, 4 minutes\n"
        "Last reboot reason : User reboot\n"
    )


def interfaces(speaker: Speaker) -> str:
    """`display interface`."""
    return "\n".join(_interface(port) for port in speaker.ports())


def _interface(port: SimulatedPort) -> str:
    state = ("UP" if port.oper_up else "DOWN") if port.admin_up else "Administratively DOWN"
    mode = f"{port.speed_mbps // 1000}Gbps-speed mode, full-duplex mode"
    address = f"Internet address: {port.address} (Primary)\n" if port.address else ""
    return (
        f"{port.name}\nCurrent state: {state}\nLine protocol state: {'UP' if port.oper_up else 'DOWN'}\n"
        f"Description: {port.name} Interface\nBandwidth: {port.speed_mbps * 1000} kbps\n"
        f"Maximum transmission unit: {port.mtu}\n{address}"
        f"IP packet frame type: Ethernet II, hardware address: {dashed(port.mac)}\n"
        "Media type is optical fiber, port hardware type is 400G_BASE_DR4_QSFP_DD\n"
        f"{mode if port.oper_up else 'Unknown-speed mode, unknown-duplex mode'}\n"
        "Flow-control is not enabled\nMaximum frame length: 9416\nLast clearing of counters: Never\n"
        "Current system time:2025-03-19 09:00:01\n"
        f" Input (total):  {port.packets} packets, {port.packets * 64} bytes\n"
        f"         {port.packets} unicasts, 0 broadcasts, 0 multicasts, 0 pauses\n"
        f" Input:  {port.errors} input errors, 0 runts, 0 giants, 0 throttles\n"
        f"         {port.errors} CRC, 0 frame, - overruns, 0 aborts\n         - ignored, - parity errors\n"
        f" Output (total): {port.packets} packets, {port.packets * 64} bytes\n"
        f"         {port.packets} unicasts, 0 broadcasts, 0 multicasts, 0 pauses\n"
        " Output: 0 output errors, - underruns, - buffer failures\n"
        "         0 aborts, 0 deferred, 0 collisions, 0 late collisions\n         0 lost carrier, - no carrier\n"
    )


def neighbors(speaker: Speaker) -> str:
    """`display lldp neighbor-information verbose`."""
    return "\n".join(_neighbor(port) for port in speaker.ports() if port.neighbor and port.oper_up)


def _neighbor(port: SimulatedPort) -> str:
    far = port.neighbor
    assert far is not None
    port_id = dashed(far.port_id) if far.port_id_kind == "mac" else far.port_id
    return (
        f"LLDP neighbor-information of port {port.number}[{port.name}]:\nLLDP agent nearest-bridge:\n"
        " LLDP neighbor index : 1\n Update time         : 12 days, 2 hours, 1 minutes, 46 seconds\n"
        f" Chassis type        : MAC address\n Chassis ID          : {dashed(far.chassis_mac)}\n"
        f" Port ID type        : {SUBTYPES[far.port_id_kind]}\n Port ID             : {port_id}\n"
        f" Time to live        : {far.ttl}\n Port description    : {far.port_description}\n"
        f" System name         : {far.system_name}\n System description  : simulated\n"
        " System capabilities supported : Bridge, Router\n System capabilities enabled   : Bridge, Router\n"
    )


def bgp(speaker: Speaker) -> str:
    """`display bgp peer ipv4`."""
    router_id, asn = speaker.identity
    sessions = speaker.sessions()
    head = (
        f" BGP local router ID: {router_id}\n Local AS number: {asn}\n Total number of peers: {len(sessions)}"
        f"                 Peers in established state: {sum(one.established for one in sessions)}\n\n"
        "  * - Dynamically created peer\n"
        "  Peer                    AS  MsgRcvd  MsgSent OutQ PrefRcv Up/Down  State\n\n"
    )
    return head + "".join(
        f"  {one.neighbor:<15} {one.remote_asn:>10}   101225   113460    0 {one.prefixes:>7} "
        + ("0286h47m Established\n" if one.established else "00:15:01 Active\n")
        for one in sessions
    )


VOICE: Voice = {
    "display bgp peer ipv4": bgp,
    "display version": version,
    "display interface": interfaces,
    "display lldp neighbor-information verbose": neighbors,
}
