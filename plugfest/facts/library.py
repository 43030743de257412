"""All device facts of the project: the files in ``lab_inventory/device_facts``."""

from functools import cache
from pathlib import Path

from plugfest.errors import UsageError
from plugfest.facts.sheet import FactSheet
from plugfest.quality.document import read_rules

FOLDER = Path(__file__).resolve().parents[2] / "lab_inventory" / "device_facts"


@cache
def library(folder: Path = FOLDER) -> dict[str, FactSheet]:
    """Sheets by file name without ending; UsageError with file and line if one of them is wrong."""
    sheets = {file.stem: read_rules(file, FactSheet) for file in sorted(folder.glob("*.yaml"))}
    _refuse_twins(sheets)
    return sheets


def _refuse_twins(sheets: dict[str, FactSheet]) -> None:
    seen: dict[str, str] = {}
    for name, sheet in sheets.items():
        other = seen.setdefault(str(sheet.applies_to).lower(), name)
        if other != name:
            raise UsageError(f"device facts {other} and {name} speak of the same devices – merge them into one file")


def sheet_of(vendor: str, model: str, firmware: str, folder: Path = FOLDER) -> FactSheet | None:
    """The most exact sheet that speaks of a NIC; None if nothing is known of it."""
    fitting = [sheet for sheet in library(folder).values() if sheet.applies_to.include(vendor, model, firmware)]
    return max(fitting, key=lambda sheet: sheet.applies_to.exactness, default=None)
