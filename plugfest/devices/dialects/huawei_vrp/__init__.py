"""Huawei CloudEngine switches: VRP8 and YunShan OS."""

from plugfest.devices.dialects.dialect import Dialect
from plugfest.devices.dialects.huawei_vrp import (
    arp,
    buffers,
    ets,
    interfaces,
    lldp,
    optics,
    pfc,
    queues,
    routing,
    version,
)
from plugfest.devices.dialects.traits import CommitModel, SessionTraits

TRAITS = SessionTraits(
    netmiko_type="huawei_vrpv8",
    prompt=r"(?:HRP_[MS])?[<\[][~*]?[^\s<>\[\]]+[>\]]",
    paging_off="screen-length 0 temporary",
    commit=CommitModel.COMMIT,
    logout="quit",
    pager=r"-+ ?More ?-+",
    timestamp=r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?(?: ?[+-]\d\d:\d\d)?(?: DST)?",
    errors=(
        r"Error: ?",
        r"\s*\^\s*$",
        r"% ?(?:Unrecognized|Incomplete|Ambiguous|Wrong|Too many)",
        r"Info: (?:The|No) .*(?:does not exist|not (?:been )?(?:enabled|configured)|permission)",
    ),
    password_change=r"(?:Change now|Please choose).*\[Y/N\]",
)
READINGS = (
    *version.READINGS,
    *interfaces.READINGS,
    *optics.READINGS,
    *lldp.READINGS,
    *pfc.READINGS,
    *buffers.READINGS,
    *queues.READINGS,
    *ets.READINGS,
    *routing.READINGS,
    *arp.READINGS,
)
DIALECT = Dialect(
    name="huawei_vrp",
    title="Huawei CloudEngine (VRP8, YunShan OS)",
    traits=TRAITS,
    readings=READINGS,
    note="Queue counters are two minutes old; ECN counters are cleared when ECN is switched off.",
)
