"""SONiC: queue counters (`queuestat`), WRED/ECN counters (`wredstat`) and priority-group drops."""

from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.ruler_table import ruler_tables
from plugfest.devices.dialects.sonic.json_rows import is_json, rows_by_queue
from plugfest.devices.dialects.sonic.prose import COMMON
from plugfest.devices.qos_records import DropCounters, EcnCounters
from plugfest.devices.records import QueueCounters

COUNTED = ("Counter/pkts", "Counter/bytes", "Drop/pkts")
MARKED = ("WredDrp/pkts", "WredDrp/bytes", "EcnMarked/pkts", "EcnMarked/bytes")


def counters(output: Output) -> tuple[QueueCounters, ...]:
    """`show queue counters`: one record a queue (UC, MC, ALL or VOQ with number); ``N/A`` is unmeasured."""
    if is_json(output):
        return build(output, rows_by_queue(output, COUNTED), _queue)
    tables = ruler_tables(
        output,
        required=("Port", "TxQ|Voq", *COUNTED),
        optional=("Drop/bytes", "Credit-WD-Del/pkts", "Trim/pkts", "TrimSent/pkts", "TrimDrop/pkts"),
        prose=COMMON,
    )
    return build(output, (row for table in tables for row in table.rows), _queue)


def _queue(row: Row) -> QueueCounters:
    return QueueCounters(
        port=row["Port"],
        queue=_name(row),
        tx_packets=row.count("Counter/pkts"),
        tx_bytes=row.count("Counter/bytes"),
        dropped_packets=row.count("Drop/pkts"),
        dropped_bytes=row.count("Drop/bytes"),
    )


def _name(row: Row) -> str:
    return row["TxQ" if "TxQ" in row.cells else "Voq"]


def wred(output: Output) -> tuple[EcnCounters, ...]:
    """`show queue wredcounters`: marked and dropped, in packets and bytes.

    With `--summary`, SONiC adds what a queue does not count as zero: that form is refused.
    """
    if is_json(output):
        return build(output, rows_by_queue(output, MARKED), _marks)
    tables = ruler_tables(
        output,
        required=("Port", "TxQ|Voq", *MARKED),
        prose=COMMON,
    )
    return build(output, (row for table in tables for row in table.rows), _marks)


def _marks(row: Row) -> EcnCounters:
    return EcnCounters(
        port=row["Port"],
        queue=_name(row),
        marked_packets=row.count("EcnMarked/pkts"),
        marked_bytes=row.count("EcnMarked/bytes"),
        dropped_packets=row.count("WredDrp/pkts"),
        dropped_bytes=row.count("WredDrp/bytes"),
    )


def priority_group_drops(output: Output) -> tuple[DropCounters, ...]:
    """`show priority-group drop counters`: one record a port and priority group."""
    tables = ruler_tables(
        output, required=("Port", r"PG\d+"), prose=(*COMMON, r"Ingress PG dropped packets:(?: \(Namespace .*\))?")
    )
    rows = [row for table in tables for row in table.rows]
    return tuple(drop for drops in build(output, rows, _drops) for drop in drops)


def _drops(row: Row) -> tuple[DropCounters, ...]:
    return tuple(
        DropCounters(port=row["Port"], direction="ingress", priority_group=group, packets=row.count(group))
        for group in row.cells
        if group != "Port"
    )


READINGS = (
    Reading(
        (
            "show queue counters [{port}]",
            "show queue counters --json [{port}]",
            "show queue counters -j [{port}]",
            "show queue counters {port} --json",
            "show queue counters [{port}] --all",
            "show queue counters [{port}] --voq",
            "queuestat",
            "queuestat -j",
            "queuestat -p {port} [-j]",
            "queuestat -V",
        ),
        (Question.QUEUE_COUNTERS,),
        counters,
        Evidence.DEVICE,
    ),
    Reading(
        (
            "show queue wredcounters [{port}]",
            "show queue wredcounters --json [{port}]",
            "show queue wredcounters {port} --json",
            "show queue wredcounters --voq [--json]",
            "wredstat [-j] [-V]",
            "wredstat -p {port} [-j]",
        ),
        (Question.ECN_COUNTERS,),
        wred,
        Evidence.DEVICE,
    ),
    Reading(
        ("show priority-group drop counters", "pg-drop -c show"),
        (Question.DROPS,),
        priority_group_drops,
        Evidence.DEVICE,
    ),
)
