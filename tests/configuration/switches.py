"""Simulated switches of every dialect, with a configuration to begin with and a command line to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from plugfest.configuration.intent import Intent
from plugfest.configuration.intent_file import load_intent
from plugfest.configuration.rendering import Rendering, Target, render
from plugfest.devices.dialects import registry
from plugfest.devices.lines import command_line
from plugfest.devices.simulated.configuration import Configurable, Sabotage
from plugfest.devices.simulated.configuration.shells import NvueConfiguration, SonicConfiguration
from plugfest.devices.simulated.configuration.views import ViewConfiguration
from plugfest.devices.simulated.switch import PASSWORD, USER, SimulatedSwitch, simulated_switch
from plugfest.sessions.endpoint import Endpoint
from plugfest.sessions.network_cli import NetworkCli
from plugfest.sessions.pool import SessionPool

PORTS = {
    "frr_linux": ("swp1", "swp2"),
    "sonic": ("Ethernet0", "Ethernet8"),
    "asternos": ("Ethernet0", "Ethernet8"),
    "huawei_vrp": ("400GE1/0/3", "400GE1/0/4"),
    "h3c_comware": ("FourHundredGigE1/0/3", "FourHundredGigE1/0/4"),
    "cumulus_nvue": ("swp3", "swp4"),
    "arista_eos": ("Ethernet3/1", "Ethernet4/1"),
    "cisco_nxos": ("Ethernet1/3", "Ethernet1/4"),
    "ruijie_rgos": ("FourHundredGigabitEthernet 0/3",),
    "zte_zxros": ("cgei-0/1/0/3",),
    "centec": ("eth-0-3",),
}
FULL = ("sonic", "huawei_vrp", "h3c_comware", "cumulus_nvue", "arista_eos", "cisco_nxos")
"""Dialects that can be told everything an intent says."""
CHIP = "Tomahawk 4"
BEFORE: dict[str, tuple[tuple[str, ...], ...]] = {
    "huawei_vrp": (("lldp enable",), ("interface 400GE1/0/3", "mtu 1500"), ("interface 400GE1/0/4", "trust 8021p")),
    "h3c_comware": (
        ("qos map-table dscp-dot1p",),
        ("interface FourHundredGigE1/0/3", "mtu 1500"),
        ("interface FourHundredGigE1/0/3", "qos trust dot1p"),
        ("interface FourHundredGigE1/0/4", "lldp tlv-enable dot1-tlv dcbx"),
    ),
    "arista_eos": (
        ("qos map dscp 26 to traffic-class 1",),
        ("interface Ethernet3/1", "mtu 1500"),
        ("interface Ethernet4/1", "qos trust cos"),
    ),
    "cisco_nxos": (("feature lldp",), ("interface Ethernet1/3", "mtu 1500")),
    "ruijie_rgos": (("interface FourHundredGigabitEthernet 0/3",),),
}
NVUE_BEFORE = ("nv set interface swp3 link mtu 1500", "nv set interface swp4 type swp", "nv set system hostname leaf1")
SONIC_BEFORE = {
    "PORT": {name: {"mtu": "9100", "admin_status": "up"} for name in ("Ethernet0", "Ethernet8", "Ethernet16")},
    "DSCP_TO_TC_MAP": {"AZURE": {str(dscp): "1" for dscp in range(64)}},
    "PORT_QOS_MAP": {name: {"pfc_enable": "3,4", "dscp_to_tc_map": "AZURE"} for name in ("Ethernet0", "Ethernet8")},
    "QUEUE": {f"{name}|3": {"wred_profile": "AZURE_LOSSLESS"} for name in ("Ethernet0", "Ethernet8")},
    "SCHEDULER": {"scheduler.0": {"type": "DWRR", "weight": "14"}},
    "WRED_PROFILE": {"AZURE_LOSSLESS": {"green_min_threshold": "1048576", "ecn": "ecn_all"}},
    "FEATURE": {"lldp": {"state": "enabled"}},
}


def intent(name: str = "lossless_roce") -> Intent:
    return load_intent(name)


def rendered(dialect: str, name: str = "lossless_roce", *, device: str = "leaf1") -> Rendering:
    target = Target(device=device, dialect=dialect, ports=PORTS[dialect], chip=CHIP)
    return render(intent(name), target)


def configuration(dialect: str, sabotage: Sabotage | None = None) -> Configurable:
    if dialect in ("sonic", "asternos"):
        return SonicConfiguration(SONIC_BEFORE, sabotage)
    if dialect == "cumulus_nvue":
        return NvueConfiguration(NVUE_BEFORE, sabotage)
    return ViewConfiguration(dialect, before=BEFORE.get(dialect, ()), sabotage=sabotage)


def state(configured: Configurable) -> object:
    """Everything that is configured, to be compared with a later state."""
    if isinstance(configured, SonicConfiguration):
        return deepcopy(configured.tables)
    if isinstance(configured, NvueConfiguration):
        return set(configured.applied)
    assert isinstance(configured, ViewConfiguration)
    return set(configured.running.text().splitlines()), set(configured.running.lines)


@dataclass
class Bench:
    """A simulated switch, what is configured on it, and the command line to it."""

    switch: SimulatedSwitch
    configured: Configurable
    cli: NetworkCli


def endpoint(switch: SimulatedSwitch) -> Endpoint:
    return Endpoint(
        name=switch.name,
        address="127.0.0.1",
        port=switch.port,
        user=USER,
        password=SecretStr(PASSWORD),
        known_hosts=switch.known_hosts,
    )


@contextmanager
def bench(dialect: str, folder: Path, sabotage: Sabotage | None = None) -> Iterator[Bench]:
    configured = configuration(dialect, sabotage)
    with (
        simulated_switch(dialect, {}, folder, configuration=configured) as switch,
        SessionPool({switch.name: endpoint(switch)}) as pool,
    ):
        yield Bench(switch, configured, command_line(pool, switch.name, registry.dialect(dialect)))
