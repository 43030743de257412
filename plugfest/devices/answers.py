"""Read what a device answered: JSON against a declared shape, text against known lines.

An answer of another shape is a `ParseError` that names device, command and place; nothing is ever guessed.  In JSON
only the fields that a shape declares are read (and must have their type); further fields are a newer tool's business.
In text every line must be known.
"""

from typing import TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from plugfest.errors import ParseError
from plugfest.sessions.result import CommandResult

T = TypeVar("T")

EXCERPT = 120


class Shape(BaseModel):
    """What a JSON answer must hold: declared fields with strict types, other fields ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


def unknown_form(result: CommandResult, what: str) -> ParseError:
    """The error for an answer we do not know: `what` says what was expected and what was seen."""
    return ParseError(f"{result.device}: `{result.command}`: {what}")


def read_json(result: CommandResult, shape: TypeAdapter[T]) -> T:
    """The answer as `shape`; ParseError with the place and the value if it is not of that shape."""
    try:
        return shape.validate_json(result.out)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(step) for step in first["loc"]) or "whole answer"
        seen = _excerpt(first["input"])
        raise unknown_form(result, f"at {place}: {first['msg']}, got {seen}") from None


def _excerpt(value: object) -> str:
    text = repr(value)
    return text if len(text) <= EXCERPT else f"{text[:EXCERPT]}…"
