"""Where lab files live: ``lab_inventory/NAME.yaml`` of the project, or any path."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import plugfest
from plugfest.errors import InventoryError
from plugfest.inventory.fields import NAME_PATTERN

DEFAULT_LAB = "embedded"
LAB_VARIABLE = "PLUGFEST_LAB"
_FOLDER = "lab_inventory"
_SUFFIXES = (".yaml", ".yml")


def lab_file(name_or_path: str | Path | None = None) -> Path:
    """The lab file that `name_or_path` means.

    A text with a folder separator or a YAML suffix is a path; anything else is the name of a file in ``lab_inventory``.
    None means the variable ``PLUGFEST_LAB`` and without it the embedded lab.  Raises `InventoryError` listing the labs
    there are.
    """
    wanted = str(name_or_path or os.environ.get(LAB_VARIABLE) or DEFAULT_LAB)
    if "\0" in wanted:
        raise InventoryError(f"lab: expected a name or a path, found {wanted!r}")
    if wanted.endswith(_SUFFIXES) or os.sep in wanted:
        return _existing(expanded(wanted))
    if re.match(NAME_PATTERN, wanted):
        for folder in _inventory_folders():
            for suffix in _SUFFIXES:
                if (folder / f"{wanted}{suffix}").is_file():
                    return folder / f"{wanted}{suffix}"
    raise InventoryError(f"lab: no lab is called {wanted!r} – {_choices()}")


def available_labs() -> dict[str, Path]:
    """Lab files by name; the folder nearest to the current one wins."""
    found: dict[str, Path] = {}
    for folder in _inventory_folders():
        for file in sorted(folder.glob("*.y*ml")):
            found.setdefault(file.stem, file)
    return found


def expanded(path: str) -> Path:
    """`path` with ``~`` replaced by the home folder; as it is when that user has none here."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


def _existing(path: Path) -> Path:
    # os.path answers False where Path raises: a name too long to exist
    if not os.path.isfile(path):  # noqa: PTH113
        what = "is a folder" if os.path.isdir(path) else "does not exist"  # noqa: PTH112
        raise InventoryError(f"lab: the file {path} {what} – {_choices()}")
    return path


def _choices() -> str:
    labs = ", ".join(available_labs()) or "none found"
    return f"give a path to a .yaml file or one of the labs in {_FOLDER}/: {labs}"


def _inventory_folders() -> Iterator[Path]:
    """``lab_inventory`` of the current folder or its nearest parent, then the one beside the package."""
    here = Path.cwd()
    roots = [here, *here.parents, Path(plugfest.__file__).resolve().parents[1]]
    seen: set[Path] = set()
    for root in roots:
        folder = root / _FOLDER
        if folder.is_dir() and folder.resolve() not in seen:
            seen.add(folder.resolve())
            yield folder
