"""SONiC: ports, their state and FEC mode."""

from collections.abc import Iterable

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.ruler_table import ruler_tables
from plugfest.devices.dialects.sonic.json_rows import is_json, rows_by_port
from plugfest.devices.dialects.sonic.prose import COMMON
from plugfest.devices.physical_records import FecMode
from plugfest.devices.records import InterfaceState

UP = {"up": True, "down": False}


def status(output: Output) -> tuple[InterfaceState, ...]:
    """`show interfaces status`: one record a port; ``N/A`` for oper or admin is unmeasured."""
    required = ("Interface", "Speed", "MTU", "Oper", "Admin")
    optional = ("Lanes", "FEC", "Alias", "Vlan", "Type", "Asym PFC", "Oper Speed", "Description")
    return build(output, _rows(output, required, optional), _state)


def _rows(output: Output, required: tuple[str, ...], optional: tuple[str, ...]) -> Iterable[Row]:
    """Rows of a table or of the same as JSON, which is an object by port."""
    if is_json(output):
        return rows_by_port(output, "Interface", required)
    tables = ruler_tables(output, required=required, optional=optional, prose=COMMON)
    return (row for table in tables for row in table.rows)


def _state(row: Row) -> InterfaceState:
    return InterfaceState(
        name=row["Interface"],
        admin_up=row.read("Admin", _up),
        oper_up=row.read("Oper", _up),
        mtu=row.count("MTU"),
        mac=None,
        speed_mbps=row.read("Speed", values.speed),
        fec=_fec(row, "FEC"),
        description=row.text("Description"),
    )


def description(output: Output) -> tuple[InterfaceState, ...]:
    """`show interfaces description`: state and description."""
    return build(output, _rows(output, ("Interface", "Oper", "Admin"), ("Alias", "Description")), _described)


def _described(row: Row) -> InterfaceState:
    return InterfaceState(
        name=row["Interface"],
        admin_up=row.read("Admin", _up),
        oper_up=row.read("Oper", _up),
        mtu=None,
        mac=None,
        description=row.text("Description"),
    )


def fec_status(output: Output) -> tuple[FecMode, ...]:
    """`show interfaces fec status`."""
    return build(
        output,
        _rows(output, ("Interface", "FEC Oper", "FEC Admin"), ()),
        lambda row: FecMode(
            port=row["Interface"], configured=_fec(row, "FEC Admin"), operational=_fec(row, "FEC Oper")
        ),
    )


def _fec(row: Row, column: str) -> str | None:
    """A mode by name; ``none`` says that error correction is off, which is an answer."""
    return "none" if row.cells.get(column) == "none" else row.text(column)


def _up(text: str) -> bool:
    return values.one_of(text, UP, "state")


def _forms(part: str) -> tuple[str, ...]:
    program = f"intfutil -c {part}"
    return (
        f"show interfaces {part} [{{port}}]",
        f"show interfaces {part} {{ports}}",
        f"{program} [-j]",
        f"{program} -i {{ports}} [-j]",
    )


READINGS = (
    Reading(_forms("status"), (Question.INTERFACES,), status, Evidence.DEVICE),
    Reading(_forms("description"), (Question.INTERFACES,), description, Evidence.DEVICE),
    Reading(
        ("show interfaces fec status [{port}]", "intfutil -c fec [-j]"), (Question.FEC,), fec_status, Evidence.DEVICE
    ),
)
