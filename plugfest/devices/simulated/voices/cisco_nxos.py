"""Cisco NX-OS."""

from plugfest.devices.simulated.fabric import SimulatedPort
from plugfest.devices.simulated.voices import Speaker, Voice, dotted

LEGEND = (
    "Capability codes:\n  (R) Router, (B) Bridge, (T) Telephone, (C) DOCSIS Cable Device\n"
    "  (W) WLAN Access Point, (P) Repeater, (S) Station, (O) Other\n"
    "Device ID            Local Intf      Hold-time  Capability  Port ID\n\n"
)


def version(speaker: Speaker) -> str:
    """`show version`."""
    model = speaker.switch.model.removeprefix("N9K-")
    return (
        "Cisco Nexus Operating System (NX-OS) Software\nTAC support: http://www.cisco.com/tac\n"
        "Copyright (C) 2002-2025, Cisco and/or its affiliates.\nAll rights reserved.\n\nSoftware\n"
        "  BIOS: version 01.14\n  NXOS: version 10.4(3) [Feature Release]\n\nHardware\n"
        f"  cisco Nexus9000 {model} Chassis\n  Processor Board ID SIMULATED\n  Device name: {speaker.name}\n"
    )


def interfaces(speaker: Speaker) -> str:
    """`show interface`."""
    return "\n".join(_interface(port) for port in speaker.ports())


def _interface(port: SimulatedPort) -> str:
    state = "up" if port.oper_up else "down (Link not connected)" if port.admin_up else "down (Administratively down)"
    address = f"  Internet Address is {port.address}\n" if port.address else ""
    speed = (
        f"full-duplex, {port.speed_mbps // 1000} Gb/s, media type is 400G"
        if port.oper_up
        else "auto-duplex, auto-speed"
    )
    return (
        f"{port.name} is {state}\nadmin state is {'up' if port.admin_up else 'down'}, Dedicated Interface\n"
        f"  Hardware: 100000/200000/400000 Ethernet, address: {dotted(port.mac)} (bia {dotted(port.mac)})\n{address}"
        f"  MTU {port.mtu} bytes, BW {port.speed_mbps * 1000} Kbit, DLY 10 usec\n"
        "  reliability 255/255, txload 1/255, rxload 1/255\n  Encapsulation ARPA, medium is broadcast\n"
        f"  {speed}\n  Beacon is turned off\n  Last link flapped 3d04h\n  11 interface resets\n"
        "  RX\n"
        f"    {port.packets} unicast packets  0 multicast packets  0 broadcast packets\n"
        f"    {port.packets} input packets  {port.packets * 64} bytes\n"
        f"    0 runts  0 giants  {port.errors} CRC  0 no buffer\n"
        f"    {port.errors} input error  0 short frame  0 overrun   0 underrun  0 ignored\n"
        "    0 input with dribble  0 input discard\n"
        "  TX\n"
        f"    {port.packets} unicast packets  0 multicast packets  0 broadcast packets\n"
        f"    {port.packets} output packets  {port.packets * 64} bytes\n"
        "    0 output error  0 collision  0 deferred  0 late collision\n"
        "    0 lost carrier  0 no carrier  0 babble  0 output discard\n"
    )


def neighbors(speaker: Speaker) -> str:
    """`show lldp neighbors detail`."""
    heard = [port for port in speaker.ports() if port.neighbor and port.oper_up]
    return LEGEND + "".join(map(_neighbor, heard)) + f"Total entries displayed: {len(heard)}\n"


def _neighbor(port: SimulatedPort) -> str:
    far = port.neighbor
    assert far is not None
    port_id = dotted(far.port_id) if far.port_id_kind == "mac" else far.port_id
    return (
        f"Chassis id: {dotted(far.chassis_mac)}\nPort id: {port_id}\n"
        f"Local Port id: {port.name.replace('Ethernet', 'Eth')}\nPort Description: {far.port_description}\n"
        f"System Name: {far.system_name}\nSystem Description: simulated\nTime remaining: {far.ttl} seconds\n"
        "System Capabilities: B, R\nEnabled Capabilities: B, R\nManagement Address: not advertised\n"
        "Management Address IPV6: not advertised\nVlan ID: not advertised\n\n\n"
    )


def bgp(speaker: Speaker) -> str:
    """`show ip bgp summary`."""
    router_id, asn = speaker.identity
    sessions = speaker.sessions()
    head = (
        "BGP summary information for VRF default, address family IPv4 Unicast\n"
        f"BGP router identifier {router_id}, local AS number {asn}\n"
        f"BGP table version is 110, IPv4 Unicast config peers {len(sessions)}, capable peers {len(sessions)}\n"
        "8 network entries and 8 paths using 1152 bytes of memory\n\n"
        "Neighbor        V    AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd\n"
    )
    return head + "".join(
        f"{one.neighbor:<15} 4 {one.remote_asn:>5} 1143238 1065438      110    0    0 "
        + (f"   10w4d {one.prefixes}\n" if one.established else "   never Active\n")
        for one in sessions
    )


VOICE: Voice = {
    "show ip bgp summary": bgp,
    "show version": version,
    "show interface": interfaces,
    "show lldp neighbors detail": neighbors,
}
