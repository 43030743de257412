"""Asterfusion AsterNOS: SONiC underneath; its bash answers are read like SONiC's, unverified."""

from dataclasses import replace

from plugfest.devices.dialects import sonic
from plugfest.devices.dialects.dialect import Dialect
from plugfest.devices.dialects.reading import Evidence
from plugfest.devices.dialects.traits import CommitModel, SessionTraits

TRAITS = SessionTraits(
    netmiko_type="asterfusion_asternos",
    prompt=r"[\w.-]+(?:@[\w.-]+:\S*|\([\w./-]+\))?[>#$]",
    paging_off="terminal raw-output",
    commit=CommitModel.IMMEDIATE,
    errors=(
        *sonic.TRAITS.errors,
        r"\s*\^\s*$",
        r"% ?(?:Invalid|Incomplete|Ambiguous|Unknown|Error)",
        r"Syntax error: ",
    ),
    swallows_stdin=("sonic-cli", "show"),
)
DIALECT = Dialect(
    name="asternos",
    title="Asterfusion AsterNOS",
    traits=TRAITS,
    readings=tuple(replace(reading, evidence=Evidence.NONE) for reading in sonic.READINGS),
    note="Unverified: read through `system bash`, where it answers as SONiC does; its own command line is not read.",
)
