"""Arista EOS, in JSON."""

import json

from plugfest.devices.simulated.fabric import SimulatedPort
from plugfest.devices.simulated.voices import Speaker, Voice, dotted

SUBTYPES = {"interface": "interfaceName", "local": "local", "mac": "macAddress"}


def version(speaker: Speaker) -> str:
    """`show version | json`."""
    number = speaker.switch.nos.split()[-1]
    facts = {"mfgName": "Arista", "modelName": speaker.switch.model, "serialNumber": "SIMULATED", "version": number}
    return json.dumps(facts, indent=2) + "\n"


def interfaces(speaker: Speaker) -> str:
    """`show interfaces | json`."""
    return json.dumps({"interfaces": {port.name: _interface(port) for port in speaker.ports()}}, indent=2) + "\n"


def _interface(port: SimulatedPort) -> dict[str, object]:
    return {
        "name": port.name,
        "interfaceStatus": ("connected" if port.oper_up else "notconnect") if port.admin_up else "disabled",
        "lineProtocolStatus": "up" if port.oper_up else "down",
        "mtu": port.mtu,
        "physicalAddress": port.mac,
        "bandwidth": port.speed_mbps * 1_000_000,
        "duplex": "duplexFull",
        "description": "",
        "interfaceCounters": {
            **{f"{way}Octets": port.packets * 64 for way in ("in", "out")},
            **{f"{way}UcastPkts": port.packets for way in ("in", "out")},
            **{f"{way}{cast}Pkts": 0 for way in ("in", "out") for cast in ("Multicast", "Broadcast")},
            "totalInErrors": port.errors,
            "inDiscards": 0,
            "inputErrorsDetail": {"fcsErrors": port.errors},
            "totalOutErrors": 0,
            "outDiscards": 0,
            "linkStatusChanges": port.carrier_changes,
        },
    }


def neighbors(speaker: Speaker) -> str:
    """`show lldp neighbors detail | json`."""
    return json.dumps({"lldpNeighbors": {port.name: _heard(port) for port in speaker.ports()}}, indent=2) + "\n"


def _heard(port: SimulatedPort) -> dict[str, object]:
    far = port.neighbor
    if far is None or not port.oper_up:
        return {"lldpNeighborInfo": []}
    port_id = dotted(far.port_id) if far.port_id_kind == "mac" else far.port_id
    info = {
        "chassisIdType": "macAddress",
        "chassisId": dotted(far.chassis_mac),
        "systemName": far.system_name,
        "ttl": far.ttl,
        "neighborInterfaceInfo": {
            "interfaceIdType": SUBTYPES[far.port_id_kind],
            "interfaceId_v2": port_id,
            "interfaceDescription": far.port_description,
        },
        "managementAddresses": [],
    }
    return {"lldpNeighborInfo": [info]}


def bgp(speaker: Speaker) -> str:
    """`show ip bgp summary | json`."""
    router_id, asn = speaker.identity
    peers = {
        one.neighbor: {
            "version": 4,
            "asn": str(one.remote_asn),
            "peerState": "Established" if one.established else "Active",
            "prefixReceived": one.prefixes if one.established else 0,
        }
        for one in speaker.sessions()
    }
    default = {"vrf": "default", "routerId": router_id, "asn": str(asn), "peers": peers}
    return json.dumps({"vrfs": {"default": default}}, indent=2) + "\n"


VOICE: Voice = {
    "show ip bgp summary | json": bgp,
    "show version | json": version,
    "show interfaces | json": interfaces,
    "show lldp neighbors detail | json": neighbors,
}
