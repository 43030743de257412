"""Tables and lists read by TextFSM templates: our own in `templates/textfsm`, or the community's ntc-templates.

Every state of a template must end in ``^. -> Error``: a line the template does not know raises, with its number.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

from plugfest.devices.dialects.output import Line, Output
from plugfest.devices.dialects.row import Row

OWN_TEMPLATES = Path(__file__).resolve().parents[3] / "templates" / "textfsm"


def textfsm_rows(output: Output, template: str, *, nothing: str = "") -> tuple[Row, ...]:
    """Rows recorded by `templates/textfsm/<template>.textfsm`; an empty value is an absent column.

    No row is an answer only if a table's header was found (the machine left its state Start) or if a line has the
    form `nothing`, such as ``has 0 neighbor``.
    """
    return _rows(output, OWN_TEMPLATES / f"{template}.textfsm", nothing)


def ntc_rows(output: Output, template: str, *, nothing: str = "") -> tuple[Row, ...]:
    """Rows recorded by the template of that name in ntc-templates."""
    return _rows(output, ntc_template(template), nothing)


def ntc_template(name: str) -> Path:
    """Where ntc-templates keeps the template of that name."""
    import ntc_templates

    return Path(ntc_templates.__file__).parent / "templates" / f"{name}.textfsm"


def _rows(output: Output, template: Path, nothing: str) -> tuple[Row, ...]:
    from textfsm import TextFSM
    from textfsm.parser import TextFSMError

    with template.open() as rules:
        machine: Any = TextFSM(rules)
    found: list[list[Any]] = []
    places: list[Line] = []
    for line in output.lines:
        if machine._cur_state_name in ("End", "EOF"):  # the template has seen enough
            break
        try:
            found = machine.ParseText(line.text + "\n", eof=False)
        except TextFSMError as error:
            raise output.error(_unknown(error), line) from error
        places.extend([line] * (len(found) - len(places)))
    left_start = machine._cur_state_name != "Start"  # TextFSM has no public name for it
    found = machine.ParseText("", eof=True)
    if not (found or left_start or (nothing and re.search(nothing, output.text))):
        raise output.error("nothing that this command prints was found")
    places.extend([output.last] * (len(found) - len(places)))
    return tuple(_row(machine.header, values, line) for values, line in zip(found, places, strict=True))


def _row(header: list[str], found: list[Any], line: Line) -> Row:
    """Lists become one text with a newline between items."""
    texts = ("\n".join(value) if isinstance(value, list) else value for value in found)
    return Row(line, {name: text.strip() for name, text in zip(header, texts, strict=True) if text.strip()})


def _unknown(error: Exception) -> str:
    message = re.search(r"State Error raised\.", str(error))
    return "this line has a form we do not know" if message else str(error)


@cache
def is_strict(path: Path) -> bool:
    """True if every state with rules ends in ``^. -> Error``, so that no line can be skipped unseen."""
    states: dict[str, str] = {}
    name = ""
    for line in path.read_text().splitlines():
        if re.fullmatch(r"\w+", line):
            name = line
        elif re.match(r"\s+\^", line) and name:
            states[name] = line.strip()
    return bool(states) and all(re.match(r"\^\.\s+->\s+Error", last) for last in states.values())
