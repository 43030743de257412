"""Turns what a run has measured into a file of device facts."""

import re
from io import StringIO
from pathlib import Path

from plugfest.errors import UsageError
from plugfest.facts.behaviour import NicBehaviour
from plugfest.facts.of_run import Measured
from plugfest.facts.sheet import Devices, FactSheet, Standing, Stated


def sheet_name(sheet: FactSheet) -> str:
    """Name of a sheet's file without ending, such as ``nvidia_connectx_7``."""
    firmware = sheet.applies_to.firmware
    words = [sheet.applies_to.vendor, sheet.applies_to.model, "" if firmware == "*" else firmware]
    return re.sub(r"[^a-z0-9]+", "_", " ".join(words).lower()).strip("_")


def updated(before: FactSheet | None, measured: Measured, run: str) -> FactSheet:
    """The sheet with everything that was certain in the run; what was not measured stays as it is."""
    known = dict(before.facts) if before else {}
    known |= {
        name: Stated(value=value, source=f"measured in run {run}", standing=Standing.MEASURED)
        for name, value in measured.seen.certain.items()
        if name not in known or known[name].value != value
    }
    identity = measured.identity
    firmware = "*" if identity.firmware == "unknown" else identity.firmware
    return FactSheet(
        version=1,
        applies_to=Devices(vendor=identity.vendor, model=identity.model, firmware=firmware),
        facts={name: known[name] for name in NicBehaviour.model_fields if name in known},
        deviations=before.deviations if before else (),
    )


def sheet_text(sheet: FactSheet) -> str:
    """The sheet as a YAML file."""
    from ruamel.yaml import YAML

    yaml, text = YAML(), StringIO()
    yaml.width = 120
    yaml.dump(sheet.model_dump(mode="json", exclude_defaults=False), text)
    return text.getvalue()


def keep(sheet: FactSheet, folder: Path) -> Path:
    """Write the sheet into `folder`; UsageError if the file there speaks of other devices."""
    file = folder / f"{sheet_name(sheet)}.yaml"
    if file.exists():
        from plugfest.quality.document import read_rules

        found = read_rules(file, FactSheet).applies_to
        if found != sheet.applies_to:
            raise UsageError(f"{file} speaks of {found}, not of {sheet.applies_to} – rename it, then record again")
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(sheet_text(sheet), encoding="utf-8")
    return file
