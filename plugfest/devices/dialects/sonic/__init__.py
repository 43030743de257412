"""SONiC: community SONiC and the brands built on it, over their bash command line."""

import re

from plugfest.devices.dialects.dialect import Dialect
from plugfest.devices.dialects.sonic import (
    bgp,
    buffers,
    counters,
    counters_detailed,
    ecn,
    fec,
    interfaces,
    lldp,
    marking,
    optics,
    pfc,
    pfc_watchdog,
    queues,
    routes,
    version,
    watermarks,
)
from plugfest.devices.dialects.traits import CommitModel, SessionTraits

TRAITS = SessionTraits(
    netmiko_type="linux",
    prompt=r"[\w.-]+@[\w.-]+:[^$#\s]*[$#]",
    paging_off=None,
    commit=CommitModel.COMMANDS,
    errors=(
        r"Error: ",
        r"Usage: \S+ \[OPTIONS\]",
        r"-?(?:ba)?sh: .*(?:command not found|Permission denied)",
        r"Traceback \(most recent call last\)",
        r"% Unknown command",
        r"Cannot find interface ",
        r"Port doesn't exist!",
        r"Interface \S+ is not valid",
        r"sudo: ",
        r"namespace '.*' is not valid",
        r"dislay option ",
    ),
    swallows_stdin=("show", "sonic-cli", "config"),
)
READINGS = (
    *version.READINGS,
    *interfaces.READINGS,
    *counters.READINGS,
    *counters_detailed.READINGS,
    *fec.READINGS,
    *optics.READINGS,
    *lldp.READINGS,
    *pfc.READINGS,
    *pfc_watchdog.READINGS,
    *queues.READINGS,
    *ecn.READINGS,
    *watermarks.READINGS,
    *buffers.READINGS,
    *bgp.READINGS,
    *routes.READINGS,
)
ROW_OPTIONS = re.compile(
    r" (?:(?:-n|--namespace) ?asic\d+|(?:-d|--display|-s|--show) ?(?:all|frontend)|--verbose|-vv?|--nonzero|-nz)(?= |$)"
)
"""One chip of several, inner ports or not, rows that are not zero, the program that is run."""
DIALECT = Dialect(
    name="sonic",
    title="SONiC (community)",
    traits=TRAITS,
    readings=READINGS,
    row_options=ROW_OPTIONS,
    mark_all=marking.mark_all,
    note="`show` and `sonic-cli` swallow standard input: run one command per exec channel.",
)
