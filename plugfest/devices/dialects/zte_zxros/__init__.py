"""ZTE ZXROS: ports, version and ARP only; its lossless-queue commands are not public."""

from plugfest.devices.dialects.dialect import Dialect
from plugfest.devices.dialects.traits import CommitModel, SessionTraits
from plugfest.devices.dialects.zte_zxros import arp, interfaces

TRAITS = SessionTraits(
    netmiko_type="zte_zxros",
    prompt=r"[\w.-]+(?:\([\w./-]+\))?[>#]",
    paging_off="terminal length 0",
    timestamp=r"\d\d:\d\d:\d\d \S+ \w{3} \w{3} +\d+ \d{4}",
    commit=CommitModel.IMMEDIATE,
    enable=True,
    errors=(r"\s*\^\s*$", r"%(?:Error|Code)? ?\d*:? ?\S.*"),
)
DIALECT = Dialect(
    name="zte_zxros",
    title="ZTE ZXROS",
    traits=TRAITS,
    readings=(*interfaces.READINGS, *arp.READINGS),
    note="Seen on transport routers, not on a data-centre switch; PFC, ECN and queue commands are unknown.",
    wanted=("show lldp entry", "show ip bgp summary", "show ip route", "show optical-inform brief"),
)
