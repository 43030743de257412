"""Intents as YAML files: every mistake is told with its line."""

import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from pydantic import ValidationError

from plugfest.configuration.intent import Intent
from plugfest.errors import UsageError
from plugfest.inventory.explain import Location, explained
from plugfest.inventory.problems import LabFileError, Problem, shown_value
from plugfest.inventory.tree import Entry, read_tree
from plugfest.records import Record

FOLDER = Path(__file__).resolve().parents[2] / "templates" / "configuration" / "intents"


def intents() -> dict[str, Path]:
    """The intents that come with the project, by name."""
    return {file.stem: file for file in sorted(FOLDER.glob("*.yaml"))}


def load_intent(name_or_path: str) -> Intent:
    """The intent called so, or in that file.

    Raises UsageError when there is no such intent and `LabFileError` with every mistake in the file.
    """
    file = _file(name_or_path)
    try:
        tree, problems = read_tree(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: cannot be read as UTF-8 text: {error}") from None
    if not problems and not isinstance(tree.value, dict):
        problems = [Problem(1, "file", "expected a mapping with name, title and settings – see docs/configuration.md")]
    if problems:
        raise LabFileError(file, problems)
    return _intent(file, tree)


def _intent(file: Path, tree: Entry) -> Intent:
    try:
        return Intent.model_validate(tree.plain())
    except ValidationError as error:
        problems = [_unknown_key(problem, location) for location, problem in explained(error, tree)]
        raise LabFileError(file, problems) from None


def _unknown_key(problem: Problem, location: Location) -> Problem:
    """The problem, with the keys of the intent instead of those of a lab where a key is unknown."""
    if "unknown key" not in problem.text:
        return problem
    known = list(model.model_fields) if (model := _model_at(location[:-1])) else []
    close = difflib.get_close_matches(str(location[-1]), known, n=1)
    advice = f"did you mean {close[0]}?" if close else "remove it or correct the name"
    text = f"expected one of {', '.join(known)}, found the unknown key {shown_value(location[-1])} – {advice}"
    return Problem(problem.line, problem.where, text)


def _model_at(location: Location) -> type[Record] | None:
    """The model that describes the mapping at `location` of an intent."""
    model: type[Record] = Intent
    for step in location:
        if isinstance(step, int):
            continue
        field = model.model_fields.get(step)
        inner = next(_models(field.annotation), None) if field else None
        if inner is None:
            return None
        model = inner
    return model


def _models(annotation: object) -> Iterator[type[Record]]:
    if isinstance(annotation, type) and issubclass(annotation, Record):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)


def _file(name_or_path: str) -> Path:
    if name_or_path in intents():
        return intents()[name_or_path]
    file = Path(name_or_path)
    if name_or_path.endswith((".yaml", ".yml")) and file.is_file():
        return file
    known = ", ".join(intents())
    raise UsageError(f"intent: nothing is called {name_or_path!r} – give a path to a .yaml file or one of {known}")
