"""NVIDIA Cumulus Linux with NVUE."""

from plugfest.devices.dialects.cumulus_nvue import (
    counters,
    interfaces,
    linux_tools,
    lldp,
    optics,
    pools,
    port_counters,
    roce,
    roce_counters,
    system,
)
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
        r"sudo: ",
        r"% (?:Unknown|Ambiguous) command",
        r"(?:Exiting: )?failed to connect to any daemons",
    ),
)
READINGS = (
    *system.READINGS,
    *port_counters.READINGS,
    *interfaces.READINGS,
    *optics.READINGS,
    *lldp.READINGS,
    *linux_tools.READINGS,
    *counters.READINGS,
    *roce_counters.READINGS,
    *roce.READINGS,
    *pools.READINGS,
)
DIALECT = Dialect(
    name="cumulus_nvue",
    title="NVIDIA Cumulus Linux (NVUE)",
    traits=TRAITS,
    readings=READINGS,
    note="BGP and routes are FRR's and need `sudo` without a password; older releases (5.6) do not tell the "
    "administrative state of a port.",
)
