"""Answers in JSON: names stand beside values, so unknown fields are safe to leave out and nothing can slide."""

import json
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from plugfest.devices.dialects.output import Output

T = TypeVar("T")


class Wire(BaseModel):
    """Base of the models of a device's JSON: types are strict, fields we do not read are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, populate_by_name=True)


def looks_like_json(output: Output) -> bool:
    """True if the answer begins as a JSON document, for commands that print either that or text."""
    return output.text.lstrip().startswith(("{", "["))


def read_json(output: Output, shape: type[T]) -> T:
    """The whole answer as one JSON document of this shape; ParseError names line or field."""
    try:
        document: Any = json.loads(output.text, parse_constant=_refuse, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        line = output.lines[min(error.lineno, len(output.lines)) - 1]
        raise output.error(f"not JSON: {error.msg}", line) from error
    except ValueError as error:
        raise output.error(f"not JSON: {error}") from error
    return shaped(output, document, shape)


def shaped(output: Output, document: object, shape: type[T]) -> T:
    """The document as this shape; ParseError names the field that does not fit."""
    try:
        return TypeAdapter(shape).validate_python(document)
    except ValidationError as error:
        fault = error.errors()[0]
        raise output.error(f"field {'.'.join(map(str, fault['loc']))!r}: {fault['msg']}") from error


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is not a number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise ValueError(f"a name occurs twice among {', '.join(sorted(set(names)))}")
    return dict(pairs)
