"""H3C Comware: who the switch is, board by board."""

import re

from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.physical_records import BoardIdentity
from plugfest.devices.records import DeviceFacts

PLACE = re.compile(r"\s*((?:Chassis|Slot|Sub-?slot|Fan|Power|CPU|Board)\b[\w /-]*):?", re.IGNORECASE)
PROPERTY = re.compile(r"\s*([A-Z][A-Z_ ]+?)\s*:\s*(.*)")
REFUSED = re.compile(r"\s*(?:The (?:operation|card|board|power|fan)|Operation|Only new chassis|No |Failed)\b.*")
KNOWN = {
    "DEVICE_NAME",
    "DEVICE_SERIAL_NUMBER",
    "MAC_ADDRESS",
    "MANUFACTURING_DATE",
    "VENDOR_NAME",
    "DEVICE_ID",
    "PRODUCT_ID",
    "PRODUCT ID",
    "PRODUCT NUMBER",
    "DEVICE_TYPE",
    "MANU SERIAL NUMBER",
}


def version(output: Output) -> tuple[DeviceFacts, ...]:
    """`display version`."""
    rows = textfsm_rows(output, "h3c_comware/display_version")
    if len(rows) != 1:
        raise output.error("the line with version and release was not found")
    return build(
        output,
        rows,
        lambda row: DeviceFacts(
            device=output.device,
            vendor=row.text("VENDOR"),
            model=row.text("MODEL"),
            chip=None,
            software=f"Comware {row['VERSION']} release {row['RELEASE']}",
        ),
    )


def manufacture(output: Output) -> tuple[BoardIdentity, ...]:
    """`display device manuinfo`: one record a board, fan tray or power supply that answers."""
    boards: list[tuple[str, Row]] = []
    place = "device"
    cells: dict[str, str] = {}
    for line in output.lines:
        opened, found = PLACE.fullmatch(line.text), PROPERTY.fullmatch(line.text)
        if opened and not (found and found[1] in KNOWN):
            place, cells = opened[1].strip(), {}
        elif found and found[1] in KNOWN:
            if found[1] in cells or not cells:
                cells = {}
                boards.append((place, Row(line, cells)))
            cells[found[1]] = found[2].strip()
        elif line.text and not REFUSED.fullmatch(line.text):
            raise output.error("expected 'Slot …:' or 'NAME : value'", line)
    return tuple(board for name, row in boards for board in build(output, [row], _board, name))


def _board(row: Row, place: str) -> BoardIdentity:
    return BoardIdentity(
        place=place,
        name=row.text("DEVICE_NAME"),
        serial=row.text("DEVICE_SERIAL_NUMBER") or row.text("MANU SERIAL NUMBER"),
        mac=row.text("MAC_ADDRESS"),
        manufactured=row.text("MANUFACTURING_DATE"),
        vendor=row.text("VENDOR_NAME"),
    )


READINGS = (
    Reading(("display version",), (Question.VERSION,), version, Evidence.NONE),
    Reading(("display device manuinfo",), (Question.VERSION,), manufacture, Evidence.DEVICE),
)
