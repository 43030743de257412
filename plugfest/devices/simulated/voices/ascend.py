"""``hccn_tool`` of an Ascend host, for the ports that its NPUs own."""

import ipaddress
from collections.abc import Callable, Mapping

from plugfest.devices.linux.host import NPU_PORT
from plugfest.devices.simulated.fabric import SimulatedPort

TOOL = "hccn_tool"


def owned_by_npu(port: str) -> bool:
    """True if Linux does not know the port."""
    return NPU_PORT.fullmatch(port) is not None


def _link(port: SimulatedPort) -> str:
    return f"link status: {'UP' if port.oper_up else 'DOWN'}\n"


def _speed(port: SimulatedPort) -> str:
    return f"Speed: {port.speed_mbps} Mb/s\n" if port.oper_up else "Speed: Unknown\n"


def _address(port: SimulatedPort) -> str:
    interface = ipaddress.ip_interface(port.address or "0.0.0.0/0")
    return f"ipaddr:{interface.ip}\nnetmask:{interface.netmask}\n" if port.address else ""


def _counters(port: SimulatedPort) -> str:
    counted = {f"mac_{way}_total_pkt_num": port.packets for way in ("tx", "rx")}
    counted |= {f"mac_{way}_total_oct_num": port.packets * 64 for way in ("tx", "rx")}
    counted |= {"mac_tx_bad_pkt_num": 0, "mac_rx_bad_pkt_num": port.errors, "mac_rx_fcs_err_pkt_num": port.errors}
    return "packet statistics:\n" + "".join(f"{name}:{value}\n" for name, value in counted.items())


def _neighbor(port: SimulatedPort) -> str:
    far = port.neighbor
    if far is None or not port.oper_up:
        return ""
    return (
        f"LLDP Information\nChassis ID TLV\n  MAC: {far.chassis_mac}\nPort ID TLV\n  Ifname: {far.port_id}\n"
        f"Time to Live TLV\n  {far.ttl}\nPort Description TLV\n  {far.port_description}\n"
        f"System Name TLV\n  {far.system_name}\nEnd of LLDPDU TLV\n"
    )


QUESTIONS: Mapping[str, Callable[[SimulatedPort], str]] = {
    "-link": _link,
    "-speed": _speed,
    "-ip": _address,
    "-stat": _counters,
    "-lldp": _neighbor,
}
"""By the option, between the number of the card and ``-g``."""
