"""SONiC: counters and rates of ports (`portstat`)."""

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.ruler_table import ruler_tables
from plugfest.devices.dialects.sonic.json_rows import is_json, rows_by_port
from plugfest.devices.dialects.sonic.prose import COMMON
from plugfest.devices.physical_records import PortCounters
from plugfest.devices.records import InterfaceCounters

COLUMNS = tuple(f"{way}_{what}" for way in ("RX", "TX") for what in ("OK", "BPS", "PPS", "UTIL", "ERR", "DRP", "OVR"))
EXTRA = ("RX_OVR", "TX_OVR", "TRIM", "TRIM_TX", "TRIM_DRP", "TRIM_PKTS", "TRIM_TX_PKTS", "TRIM_DRP_PKTS")
STATES = {"u": True, "d": False, "x": False}
PARTS = ("errors", "rates", "trim")
BYTES_PER_SECOND = {"b/s": 8, "kb/s": 8e3, "mb/s": 8e6, "gb/s": 8e9}


def counters(output: Output) -> tuple[PortCounters, ...]:
    """`show interfaces counters` in all its forms; a column that the form lacks is unmeasured.

    RX_BPS and TX_BPS are bytes per second with decimal prefixes; the records hold bits per second.
    """
    if is_json(output):
        return build(output, rows_by_port(output, "IFACE", ("STATE",)), _port)
    tables = ruler_tables(output, required=("IFACE", "STATE"), optional=(*COLUMNS, *EXTRA), prose=COMMON)
    return build(output, (row for table in tables for row in table.rows), _port)


def _port(row: Row) -> PortCounters:
    details = {name: row.count(name) for name in EXTRA}
    return PortCounters(
        port=row["IFACE"],
        oper_up=row.read("STATE", lambda text: values.one_of(text, STATES, "state")),
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
        rx_bits_per_second=row.read("RX_BPS", _bits),
        tx_bits_per_second=row.read("TX_BPS", _bits),
        rx_packets_per_second=row.read("RX_PPS", _packets),
        tx_packets_per_second=row.read("TX_PPS", _packets),
        rx_utilisation_percent=row.read("RX_UTIL", values.percent),
        tx_utilisation_percent=row.read("TX_UTIL", values.percent),
        details={name: value for name, value in details.items() if value is not None},
    )


def _bits(text: str) -> float:
    return values.quantity(text, BYTES_PER_SECOND, "rate in bytes per second")


def _packets(text: str) -> float:
    return values.quantity(text, {"/s": 1}, "rate in packets per second")


READINGS = (
    Reading(
        (
            "show interfaces counters",
            "show interfaces counters -a",
            "show interfaces counters --printall",
            "show interfaces counters -i {ports}",
            "show interfaces counters -a -i {ports}",
            "show interfaces counters --interface {ports}",
            "show interfaces counters rates [{port}]",
            "show interfaces counters errors [{port}]",
            "show interfaces counters trim [{port}]",
            "show interfaces counters --json",
            "show interfaces counters -j",
            *(f"show interfaces counters {part} {json}" for part in PARTS for json in ("--json", "-j")),
            "portstat",
            "portstat -a",
            "portstat -j",
            "portstat -a -j",
            "portstat -e",
            "portstat -R",
            "portstat [-a] -i {ports}",
        ),
        (Question.INTERFACE_COUNTERS,),
        counters,
        Evidence.DEVICE,
    ),
)
