"""Cisco Nexus switches: NX-OS."""

from plugfest.devices.dialects.cisco_nxos import (
    arp,
    interfaces,
    lldp,
    optics,
    pfc,
    policies,
    queuing,
    routes,
    routes_json,
    routing,
    version,
)
from plugfest.devices.dialects.dialect import Dialect
from plugfest.devices.dialects.traits import CommitModel, SessionTraits

TRAITS = SessionTraits(
    netmiko_type="cisco_nxos",
    prompt=r"[\w.-]+(?:%[\w.-]+)?(?:\([\w./-]+\))?[>#]",
    paging_off="terminal length 0",
    commit=CommitModel.IMMEDIATE,
    pager=r"--More--",
    errors=(
        r"\s*% ?(?:Invalid|Incomplete|Ambiguous|Permission|Error|String)",
        r"\s*\^\s*$",
        r"ERROR: ",
        r"Syntax error while parsing",
    ),
)
READINGS = (
    *version.READINGS,
    *interfaces.READINGS,
    *optics.READINGS,
    *lldp.READINGS,
    *pfc.READINGS,
    *queuing.READINGS,
    *policies.READINGS,
    *routing.READINGS,
    *routes_json.READINGS,
    *routes.READINGS,
    *arp.READINGS,
)
DIALECT = Dialect(
    name="cisco_nxos",
    title="Cisco NX-OS",
    traits=TRAITS,
    readings=READINGS,
    note="RxPPP and TxPPP count all priorities together; counters by class of service are in `show queuing interface`.",
)
