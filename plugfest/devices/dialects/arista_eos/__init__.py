"""Arista EOS."""

from plugfest.devices.dialects.arista_eos import (
    arp,
    dscp_map,
    ecn,
    interfaces,
    interfaces_json,
    lldp,
    optics,
    pfc,
    qos,
    routing,
    routing_json,
    version,
)
from plugfest.devices.dialects.dialect import Dialect
from plugfest.devices.dialects.traits import CommitModel, SessionTraits

TRAITS = SessionTraits(
    netmiko_type="arista_eos",
    prompt=r"[\w.:-]+(?:\([\w./-]+\))*[>#]",
    paging_off="terminal length 0",
    commit=CommitModel.IMMEDIATE,
    enable=True,
    pager=r"--More--",
    errors=(r"% (?:Invalid|Incomplete|Ambiguous|Unavailable|This is an unconverted|Authorization|Permission|Error)",),
)
READINGS = (
    *version.READINGS,
    *interfaces_json.READINGS,
    *interfaces.READINGS,
    *optics.READINGS,
    *lldp.READINGS,
    *routing_json.READINGS,
    *routing.READINGS,
    *arp.READINGS,
    *pfc.READINGS,
    *ecn.READINGS,
    *qos.READINGS,
    *dscp_map.READINGS,
)
DIALECT = Dialect(
    name="arista_eos",
    title="Arista EOS",
    traits=TRAITS,
    readings=READINGS,
    note="The watchdog lists a queue only after its first event: no entry is unmeasured, not zero.",
    wanted=("show qos maps", "show qos interfaces ecn"),
)
