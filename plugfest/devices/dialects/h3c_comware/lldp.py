"""H3C Comware: LLDP neighbours as a list and in full."""

import re

from plugfest.devices.dialects.lldp_detail import detailed_neighbor
from plugfest.devices.dialects.output import Line, Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.records import LldpNeighbor

LEGEND = re.compile(r"(?:Chassis ID :)?\s*(?:\*|#|Default)\s+-- --\s*Nearest .*bridge neighbor")
Spans = dict[str, tuple[int, int | None]]
COLUMNS = ("System Name", "Local Interface", "Chassis ID", "Port ID")


def neighbors(output: Output) -> tuple[LldpNeighbor, ...]:
    """`display lldp neighbor-information verbose`."""
    rows = textfsm_rows(output, "h3c_comware/display_lldp_neighbor-information_verbose")
    return build(output, rows, detailed_neighbor)


def listed(output: Output) -> tuple[LldpNeighbor, ...]:
    """`display lldp neighbor-information list`: the order of the columns differs by release.

    Columns are found by the header; a long system name runs on in the next line.
    """
    spans: Spans = {}
    rows: list[Row] = []
    for line in output.lines:
        if not line.text or LEGEND.fullmatch(line.text.strip()):
            continue
        if all(name in line.text for name in COLUMNS):
            spans = _spans(line.text)
        elif not spans:
            raise output.error(f"expected the columns {', '.join(COLUMNS)}", line)
        else:
            _take(output, rows, line, spans)
    if not spans:
        raise output.error("no list of neighbours was found")
    return build(output, rows, _listed)


def _spans(header: str) -> Spans:
    starts = sorted((header.index(name), name) for name in COLUMNS)
    ends = [start for start, _ in starts[1:]] + [None]
    return {name: (start, end) for (start, name), end in zip(starts, ends, strict=True)}


def _take(output: Output, rows: list[Row], line: Line, spans: Spans) -> None:
    cells = {name: line.text[slice(*span)] for name, span in spans.items()}
    last = list(cells)[-1]
    if any(text.strip() and text[0] == " " for text in cells.values()) or _overlap(line.text, spans):
        raise output.error("a value does not line up with its header", line)
    stripped = {name: text.strip() for name, text in cells.items()}
    filled = [name for name, text in stripped.items() if text]
    if filled == ["System Name"] and rows and last != "System Name":
        before = dict(rows[-1].cells)
        rows[-1] = Row(rows[-1].line, {**before, "System Name": before["System Name"] + stripped["System Name"]})
    elif filled and all(stripped[name] for name in COLUMNS):
        rows.append(Row(line, stripped))
    else:
        raise output.error("a column is empty", line)


def _overlap(text: str, spans: Spans) -> bool:
    """True if a value runs on into the next column."""
    return any(
        end is not None and text[end - 1 : end].strip() and text[end : end + 1].strip() for _, end in spans.values()
    )


def _listed(row: Row) -> LldpNeighbor:
    if not re.fullmatch(r"\d*[A-Za-z][A-Za-z-]*\d+(?:/\d+)*(?::\d+)?", row["Local Interface"]):
        raise ValueError(f"{row['Local Interface']!r} is not a port")
    return LldpNeighbor(
        local_port=row["Local Interface"],
        chassis_id=row["Chassis ID"].lstrip("*#"),
        system_name=row.text("System Name"),
        port_id=row["Port ID"],
    )


READINGS = (
    Reading(
        (
            "display lldp neighbor-information verbose",
            "display lldp neighbor-information [interface {port}]",
            "display lldp neighbor-information interface {port} verbose",
        ),
        (Question.LLDP,),
        neighbors,
        Evidence.DEVICE,
    ),
    Reading(("display lldp neighbor-information list",), (Question.LLDP,), listed, Evidence.DEVICE),
)
