"""Ruijie RGOS: an empty slot with session traits; no lossless-queue output of it is public."""

from plugfest.devices.dialects.dialect import Dialect
from plugfest.devices.dialects.ruijie_rgos import arp
from plugfest.devices.dialects.traits import CommitModel, SessionTraits

TRAITS = SessionTraits(
    netmiko_type="ruijie_os",
    prompt=r"[\w.-]+(?:\([\w./-]+\))?[>#]",
    paging_off="terminal length 0",
    commit=CommitModel.IMMEDIATE,
    enable=True,
    errors=(r"\s*\^\s*$", r"% ?(?:Invalid|Incomplete|Ambiguous|Unknown|Unrecognized|User|Error|Command)"),
    password_change=r"Do you want to change the password",
)
DIALECT = Dialect(
    name="ruijie_rgos",
    title="Ruijie RGOS",
    traits=TRAITS,
    readings=arp.READINGS,
    note="Unverified: only the style of the command line is known. Probe the device and send its recordings.",
    wanted=(
        "show version",
        "show interfaces status",
        "show interfaces",
        "show interfaces transceiver",
        "show lldp neighbors",
        "show ip bgp summary",
        "show ip route",
    ),
)
