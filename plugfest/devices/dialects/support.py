"""What each dialect can read, for the documentation and for programs."""

from collections.abc import Iterable

from plugfest.devices.dialects.dialect import Dialect
from plugfest.devices.dialects.reading import Evidence, Question, shown

MARKS = {Evidence.DEVICE: "yes", Evidence.MANUAL: "manual", Evidence.NONE: "unverified"}
ORDER = list(MARKS)


def document(dialects: Iterable[Dialect]) -> list[dict[str, object]]:
    """Dialects × commands as JSON."""
    return [
        {
            "dialect": dialect.name,
            "title": dialect.title,
            "note": dialect.note,
            "commands": [
                {
                    "command": reading.command,
                    "forms": [shown(form) for form in reading.commands],
                    "answers": [question.value for question in reading.answers],
                    "evidence": reading.evidence.value,
                }
                for reading in dialect.readings
            ],
        }
        for dialect in dialects
    ]


def support_table(dialects: Iterable[Dialect]) -> str:
    """Questions × dialects as a Markdown table; each cell is the best evidence there is.

    A question that none of the dialects answers has no row.
    """
    columns = list(dialects)
    lines = [
        "| question | " + " | ".join(f"`{dialect.name}`" for dialect in columns) + " |",
        "|---" * (len(columns) + 1) + "|",
    ]
    for question in Question:
        cells = [_best(dialect, question) for dialect in columns]
        if any(cells):
            lines.append(f"| {question.value} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _best(dialect: Dialect, question: Question) -> str:
    found = [reading.evidence for reading in dialect.answering(question)]
    return MARKS[min(found, key=ORDER.index)] if found else ""


def command_table(dialect: Dialect) -> str:
    """Commands of one dialect as a Markdown table."""
    lines = ["| command | answers | evidence |", "|---|---|---|"]
    for reading in dialect.readings:
        answers = ", ".join(question.value for question in reading.answers)
        lines.append(f"| `{reading.command.replace('|', chr(92) + '|')}` | {answers} | {reading.evidence.value} |")
    return "\n".join(lines) + "\n"
