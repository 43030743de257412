"""H3C and HPE switches: Comware 5, 7 and 9."""

from plugfest.devices.dialects.dialect import Dialect
from plugfest.devices.dialects.h3c_comware import identity, interfaces, lldp, optics, qos, routing, wred
from plugfest.devices.dialects.traits import CommitModel, SessionTraits

TRAITS = SessionTraits(
    netmiko_type="h3c_comware",
    prompt=r"[<\[][~*]?[^\s<>\[\]]+[>\]]",
    paging_off="screen-length disable",
    pager=r"-+ ?More ?-+",
    commit=CommitModel.IMMEDIATE,
    logout="quit",
    errors=(
        r"\s*% ?(?:Unrecognized|Incomplete|Ambiguous|Wrong|Too many|Permission)",
        r"\s*\^\s*$",
        r"Permission denied",
        r"Error: ",
    ),
    password_change=r"(?:Change now|change the password).*\[Y/N\]",
)
READINGS = (
    *identity.READINGS,
    *interfaces.READINGS,
    *optics.READINGS,
    *lldp.READINGS,
    *qos.READINGS,
    *wred.READINGS,
    *routing.READINGS,
)
DIALECT = Dialect(
    name="h3c_comware",
    title="H3C / HPE Comware",
    traits=TRAITS,
    readings=READINGS,
    note="WRED thresholds are printed without a unit, and what they count differs by chip: often buffer cells.",
    wanted=("display qos map-table dscp-lp",),
)
