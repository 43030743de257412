"""NVIDIA Cumulus Linux with NVUE."""

from plugfest.devices.dialects.cumulus_nvue import counters, pools, roce, roce_counters
from plugfest.devices.dialects.dialect import Dialect
from plugfest.devices.dialects.traits import CommitModel, SessionTraits

TRAITS = SessionTraits(
    netmiko_type="cumulus_linux",
    prompt=r"[\w.-]+@[\w.-]+:\S*[$#]",
    paging_off=None,
    commit=CommitModel.APPLY,
    errors=(
        r"Error: ",
        r"-?(?:ba)?sh: .*(?:command not found|Permission denied)",
        r"'.*' is not (?:one of|a valid)",
        r"usage: ?$",
        r"The requested item does not exist",
    ),
)
READINGS = (*counters.READINGS, *roce_counters.READINGS, *roce.READINGS, *pools.READINGS)
DIALECT = Dialect(
    name="cumulus_nvue",
    title="NVIDIA Cumulus Linux (NVUE)",
    traits=TRAITS,
    readings=READINGS,
    note="Ports, LLDP, BGP and routes come from Linux and FRR underneath: use the dialect frr_linux for them.",
)
