"""SONiC: FEC counters and the histogram of symbol errors per codeword."""

import re

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.ruler_table import ruler_tables
from plugfest.devices.dialects.sonic.json_rows import is_json, rows_by_port
from plugfest.devices.dialects.sonic.prose import COMMON
from plugfest.devices.physical_records import FecCounters, FecHistogram

COUNTED = ("IFACE", "FEC_CORR", "FEC_UNCORR", "FEC_SYMBOL_ERR")
LEGEND = r"FEC_MAX_T - .+"
PREDICTED, ACCURACY = "FLR(P) (Accuracy)", re.compile(r"(\S+)(?: \((\S+%)\))?")


def fec_stats(output: Output) -> tuple[FecCounters, ...]:
    """`show interfaces counters fec-stats`: codewords, bit error ratios and frame loss ratios."""
    if is_json(output):
        return build(output, rows_by_port(output, "IFACE", COUNTED[1:]), _counters)
    tables = ruler_tables(
        output,
        required=COUNTED,
        optional=(
            "STATE",
            "FEC_PRE_BER",
            "FEC_POST_BER",
            "FEC_PRE_BER_MAX",
            r"FLR\(O\)",
            r"FLR\(P\)",
            re.escape(PREDICTED),
            "FEC_MAX_T",
        ),
        prose=(*COMMON, LEGEND),
    )
    return build(output, (row for table in tables for row in table.rows), _counters)


def _counters(row: Row) -> FecCounters:
    ratio, accuracy = _prediction(row)
    highest = row.number("FEC_MAX_T")
    return FecCounters(
        port=row["IFACE"],
        corrected_codewords=row.count("FEC_CORR"),
        uncorrected_codewords=row.count("FEC_UNCORR"),
        symbol_errors=row.count("FEC_SYMBOL_ERR"),
        pre_fec_bit_error_ratio=row.number("FEC_PRE_BER"),
        post_fec_bit_error_ratio=row.number("FEC_POST_BER"),
        worst_pre_fec_bit_error_ratio=row.number("FEC_PRE_BER_MAX"),
        frame_loss_ratio_observed=row.number("FLR(O)"),
        frame_loss_ratio_predicted=ratio,
        prediction_accuracy_percent=accuracy,
        highest_symbol_errors=None if highest is not None and highest < 0 else highest,
    )


def _prediction(row: Row) -> tuple[float | None, float | None]:
    """Value and accuracy of the predicted ratio; newer releases print ``7.81e-10 (89%)``."""
    cell = row.text(PREDICTED) or row.text("FLR(P)")
    if cell is None:
        return None, None
    found = ACCURACY.fullmatch(cell)
    if not found:
        raise ValueError(f"{cell!r} is not a ratio with accuracy")
    return values.number(found[1]), values.percent(found[2]) if found[2] else None


def fec_histogram(output: Output) -> tuple[FecHistogram]:
    """`show interfaces counters fec-histogram PORT`: bins in order, from no symbol error up."""
    tables = ruler_tables(output, required=("Symbol Errors Per Codeword", "Codewords"), prose=COMMON)
    rows = [row for table in tables for row in table.rows]
    if not rows:
        raise output.error("the histogram has no bins")
    for expected, row in enumerate(rows):
        if row.cells["Symbol Errors Per Codeword"].rstrip(":") != f"BIN{expected}":
            raise output.error(f"BIN{expected} was expected here", row.line)
    return (FecHistogram(port=output.port(), codewords=build(output, rows, lambda row: row.count("Codewords"))),)


READINGS = (
    Reading(
        (
            "show interfaces counters fec-stats [{port}]",
            "show interfaces counters fec-stats -i {ports}",
            "show interfaces counters fec-stats --json",
            "show interfaces counters fec-stats -j",
            "portstat -f [-j]",
        ),
        (Question.FEC_COUNTERS,),
        fec_stats,
        Evidence.DEVICE,
    ),
    Reading(
        ("show interfaces counters fec-histogram [{port}]", "show interfaces counters fec-histogram -i {port}"),
        (Question.FEC_HISTOGRAM,),
        fec_histogram,
        Evidence.DEVICE,
    ),
)
