"""The registry of seeded defects: YAML entries of about ten lines, read into typed records."""

from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from plugfest.devices.changes import Change
from plugfest.embedded.defects.steps import Step
from plugfest.errors import InventoryError, UsageError
from plugfest.inventory.fields import Name
from plugfest.inventory.models import Lab
from plugfest.records import Record

CATALOGUE = Path(__file__).parent / "catalogue"


def _tuple(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Tests = Annotated[tuple[str, ...], BeforeValidator(_tuple)]
"""pytest node ids; in YAML one or a list."""


class Defect(Record):
    """One misbehaviour."""

    name: str
    """Short name for the command line."""
    description: str
    """What is wrong, in one sentence."""
    sits: str
    """Device, port or cable that is at fault."""
    stands_for: str
    """The real-world defect of which this is the image."""
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    """How it is imposed."""
    caught_by: Annotated[Tests, Field(min_length=1)]
    """Tests that must fail; the first that does has caught it."""
    names: str
    """Regular expression that the message of that test, or the diagnosis in it, must contain: the culprit."""
    leaves_alone: Tests = ()
    """Tests that must pass all the same."""

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes that impose it, each with its undo."""
        return tuple(step.change(self.name) for step in self.steps)


class _File(Record):
    defects: dict[Name, dict[str, object]]


def load_defects(*extra: Path) -> dict[str, Defect]:
    """All defects of the project and of further files, by name.  InventoryError for a wrong or doubled entry."""
    found: dict[str, Defect] = {}
    for file in (*sorted(CATALOGUE.glob("*.yaml")), *extra):
        for defect in _read(file):
            if defect.name in found:
                raise InventoryError(f"{file}: defect {defect.name} exists already – choose another name")
            found[defect.name] = defect
    return found


def find(name: str, defects: dict[str, Defect]) -> Defect:
    """The defect called `name`; UsageError with all names if there is none."""
    if name not in defects:
        raise UsageError(f"there is no defect {name!r}; known defects: {', '.join(defects)}")
    return defects[name]


def check_places(lab: Lab, defect: Defect) -> None:
    """UsageError if the defect concerns a device that `lab` does not have."""
    missing = sorted({change.device for change in defect.changes} - lab.devices.keys())
    if missing:
        raise UsageError(f"defect {defect.name} is about {', '.join(missing)}, which lab {lab.name} does not have")


def _read(file: Path) -> list[Defect]:
    try:
        content = YAML(typ="safe").load(file.read_text())
    except (OSError, YAMLError) as error:
        raise InventoryError(f"{file}: cannot be read: {error}") from None
    try:
        entries = _File.model_validate(content).defects
    except ValidationError as error:
        raise InventoryError(f"{file}: {_first(error)}") from None
    return [_defect(file, name, entry) for name, entry in entries.items()]


def _defect(file: Path, name: str, entry: dict[str, object]) -> Defect:
    try:
        return Defect.model_validate({"name": name, **entry})
    except ValidationError as error:
        raise InventoryError(f"{file}: defect {name}: {_first(error)}") from None


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    place = ".".join(str(step) for step in first["loc"]) or "the file"
    return f"{place}: {first['msg']}, found {first['input']!r:.80}"
