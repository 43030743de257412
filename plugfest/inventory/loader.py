"""Reads a lab file and returns the lab, or tells everything that is wrong with it in one go."""

from dataclasses import dataclass
from pathlib import Path

from plugfest.errors import InventoryError
from plugfest.inventory.draft import drafted
from plugfest.inventory.groups import merge_groups
from plugfest.inventory.locate import lab_file
from plugfest.inventory.models import Lab
from plugfest.inventory.problems import LabFileError, Problem, shown_path, shown_value
from plugfest.inventory.rules import broken_rules
from plugfest.inventory.secret_scan import secret_problems, without_secrets
from plugfest.inventory.tree import read_tree


@dataclass(frozen=True, slots=True)
class LoadedLab:
    """A lab and the file it was read from (paths in the lab are relative to that file)."""

    lab: Lab
    file: Path


def load(name_or_path: str | Path | None = None) -> LoadedLab:
    """The lab called `name_or_path`, or in that file; None means ``PLUGFEST_LAB``, else the embedded lab.

    Raises `InventoryError` when there is no such file and `LabFileError` (one of these) with every mistake in it.
    """
    file = lab_file(name_or_path)
    lab, problems = examine(_text_of(file), file.parent)
    if problems or lab is None:
        raise LabFileError(file, problems)
    return LoadedLab(lab, file)


def examine(text: str, folder: Path) -> tuple[Lab | None, list[Problem]]:
    """The lab that `text` describes and every mistake in it; relative paths in it start at `folder`."""
    tree, problems = read_tree(text)
    if problems and tree.value is None:
        return None, problems
    if not isinstance(tree.value, dict):
        found = "an empty file" if tree.value is None else shown_value(tree.value)
        text = f"expected a mapping with version, name, kind and devices, found {found} – see docs/inventory.md"
        return None, [Problem(1, "file", text)]
    secrets = list(secret_problems(tree))
    merged, group_problems = merge_groups(without_secrets(tree))
    draft, mistakes = drafted(merged)
    problems += [*secrets, *group_problems, *_without_echoes(mistakes, problems, secrets)]
    if draft is not None:
        problems += broken_rules(draft, folder)
    return (None if problems or draft is None else draft.lab), problems


def _without_echoes(mistakes: list[Problem], malformed: list[Problem], secrets: list[Problem]) -> list[Problem]:
    """`mistakes` less those that only follow from a malformed value or a literal secret that was taken out."""
    told = {problem.where for problem in malformed} | {secret.where.rpartition(".")[0] for secret in secrets}
    return [mistake for mistake in mistakes if mistake.where not in told]


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InventoryError(
            f"{shown_path(file)}: expected UTF-8 text, found the byte {error.object[error.start]:#04x}"
            f" at offset {error.start} – save the file as UTF-8"
        ) from None
    except OSError as error:
        raise InventoryError(f"{shown_path(file)}: cannot be read: {error.strerror} – check its rights") from None
