"""Cumulus NVUE: packet counters of all ports, and the error counters of one port, as tables."""

from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.ruler_table import ruler_tables
from plugfest.devices.physical_records import PortCounters
from plugfest.devices.records import InterfaceCounters

PACKETS = ("RX_OK", "RX_ERR", "RX_DRP", "TX_OK", "TX_ERR", "TX_DRP")
ERRORS = {
    "Alignment Errors",
    "FCS Errors",
    "Jabber Errors",
    "Length Errors",
    "Oversize Errors",
    "Symbol Errors",
    "Total Errors",
    "Undersize Errors",
}


def all_ports(output: Output) -> tuple[PortCounters, ...]:
    """`nv show interface --view counters`: packets, errors and drops; it counts no bytes."""
    tables = ruler_tables(output, required=("Interface", *PACKETS), optional=("MTU", "RX_OVR", "TX_OVR", "Flg"))
    return tuple(record for table in tables for record in build(output, table.rows, _packets))


def _packets(row: Row) -> PortCounters:
    overruns = {"rx overruns": row.count("RX_OVR"), "tx overruns": row.count("TX_OVR")}
    return PortCounters(
        port=row["Interface"],
        counters=InterfaceCounters(
            rx_packets=row.count("RX_OK"),
            rx_bytes=None,
            rx_errors=row.count("RX_ERR"),
            rx_dropped=row.count("RX_DRP"),
            tx_packets=row.count("TX_OK"),
            tx_bytes=None,
            tx_errors=row.count("TX_ERR"),
            tx_dropped=row.count("TX_DRP"),
        ),
        details={name: count for name, count in overruns.items() if count is not None},
    )


def errors(output: Output) -> tuple[PortCounters]:
    """`nv show interface PORT counters errors`."""
    (table, *more) = ruler_tables(output, required=("Counter", "Receive", "Transmit"))
    if more:
        raise output.error("expected one table", more[0].header)
    cells: dict[str, tuple[int | None, int | None]] = {}
    for row in table.rows:
        with output.at(row.line):
            _take(row, cells)
    return (_record(output.port(), cells),)


def _take(row: Row, cells: dict[str, tuple[int | None, int | None]]) -> None:
    name = row["Counter"]
    if name not in ERRORS:
        raise ValueError(f"unknown counter {name!r}")
    if name in cells:
        raise ValueError(f"{name!r} occurs twice")
    cells[name] = row.count("Receive"), row.count("Transmit")


def _record(port: str, cells: dict[str, tuple[int | None, int | None]]) -> PortCounters:
    received, sent = cells.get("Total Errors", (None, None))
    named = {
        f"{direction} {name.lower()}": count
        for name, counts in cells.items()
        for direction, count in zip(("rx", "tx"), counts, strict=True)
    }
    return PortCounters(
        port=port,
        counters=InterfaceCounters(
            rx_packets=None,
            rx_bytes=None,
            rx_errors=received,
            rx_dropped=None,
            tx_packets=None,
            tx_bytes=None,
            tx_errors=sent,
            tx_dropped=None,
            fcs_errors=cells.get("FCS Errors", (None, None))[0],
        ),
        details={name: count for name, count in named.items() if count is not None},
    )


READINGS = (
    Reading(
        ("nv show interface --view counters", "nv show interface --view=counters", "nv show interface counters"),
        (Question.INTERFACE_COUNTERS,),
        all_ports,
        Evidence.MANUAL,
    ),
    Reading(("nv show interface {port} counters errors",), (Question.INTERFACE_COUNTERS,), errors, Evidence.MANUAL),
)
