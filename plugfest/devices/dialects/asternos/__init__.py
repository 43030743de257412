"""Asterfusion AsterNOS: SONiC underneath; its bash answers are read like SONiC's, unverified."""

from dataclasses import replace

from plugfest.devices.dialects import sonic
from plugfest.devices.dialects.dialect import Dialect
from plugfest.devices.dialects.reading import Evidence

TRAITS = sonic.TRAITS.model_copy(update={"prompt": r"[\w.-]+(?:@[\w.-]+:\S*|\([\w./-]+\))?[>#$]"})
DIALECT = Dialect(
    name="asternos",
    title="Asterfusion AsterNOS",
    traits=TRAITS,
    readings=tuple(replace(reading, evidence=Evidence.NONE) for reading in sonic.READINGS),
    row_options=sonic.ROW_OPTIONS,
    note="Unverified: read through its bash, where it answers as SONiC does; its own command line is not read. "
    "netmiko's driver asterfusion_asternos fails at login (seen with 4.8.0), so the session is a plain Linux one.",
)
