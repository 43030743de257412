"""Reads a YAML document of rules; every mistake is told with its file and line."""

from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from plugfest.errors import UsageError
from plugfest.inventory.problems import Problem, shown_path
from plugfest.inventory.tree import read_tree
from plugfest.records import Record

Document = TypeVar("Document", bound=Record)


class RulesError(UsageError):
    """A file of rules is wrong; the message names every mistake with file and line."""


def read_rules(file: Path, model: type[Document]) -> Document:
    """The document in `file`; RulesError if it cannot be read or says something else than `model` allows."""
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise RulesError(f"{shown_path(file)}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise RulesError(f"{shown_path(file)}: expected UTF-8 text") from None
    tree, problems = read_tree(text)
    if not problems:
        try:
            return model.model_validate(tree.plain())
        except ValidationError as error:
            for mistake in error.errors(include_url=False, include_input=False):
                entry = tree.at(mistake["loc"])
                where = ".".join(map(str, mistake["loc"])) or "document"
                problems.append(Problem(entry.line, where, mistake["msg"]))
    lines = (f"{shown_path(file)}:{each.line}: {each.where}: {each.text}" for each in sorted(problems))
    raise RulesError("\n".join(lines))
