"""Centec OS: an empty slot with session traits; no output of it is public."""

from plugfest.devices.dialects.dialect import Dialect
from plugfest.devices.dialects.traits import CommitModel, SessionTraits

TRAITS = SessionTraits(
    netmiko_type="centec_os",
    prompt=r"[\w.-]+(?:\([\w./-]+\))?[>#]",
    paging_off="terminal length 0",
    commit=CommitModel.IMMEDIATE,
    enable=True,
    errors=(r"\s*\^\s*$", r"% ?(?:Invalid|Incomplete|Ambiguous|Unknown|Unrecognized)"),
)
DIALECT = Dialect(
    name="centec",
    title="Centec OS",
    traits=TRAITS,
    readings=(),
    note="Unverified: only the style of the command line is known. Probe the device and send its recordings.",
    wanted=(
        "show version",
        "show interface status",
        "show interface",
        "show transceiver detail",
        "show lldp neighbor",
        "show ip bgp summary",
        "show ip route",
    ),
)
