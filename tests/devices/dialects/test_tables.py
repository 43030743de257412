"""The table readers: a value cannot slide under a neighbour's header, and no line is skipped unseen."""

from pathlib import Path

import pytest

from plugfest.devices.dialects import registry
from plugfest.devices.dialects.header_table import header_table
from plugfest.devices.dialects.output import read_output
from plugfest.devices.dialects.ruler_table import ruler_tables
from plugfest.devices.dialects.textfsm_table import OWN_TEMPLATES, is_strict, ntc_template
from plugfest.errors import ParseError

TRAITS = registry.dialect("sonic").traits


def output(text: str):  # type: ignore[no-untyped-def]
    return read_output(text, device="leaf1", command="show x", traits=TRAITS)


def tables(text: str, **options: object):  # type: ignore[no-untyped-def]
    return ruler_tables(output(text), required=("Port", "Rx", "Tx"), **options)  # type: ignore[arg-type]


TABLE = "Port     Rx  Tx\n-----  ----  --\nEth1   1200   7\n"


def test_a_table_is_rows_of_cells_by_column() -> None:
    (table,) = tables(TABLE)
    assert [row.cells for row in table.rows] == [{"Port": "Eth1", "Rx": "1200", "Tx": "7"}]
    assert table.rows[0].line.number == 3


def test_a_blank_cell_is_a_hole_and_not_zero() -> None:
    (table,) = tables("Port     Rx  Tx\n-----  ----  --\nEth1          7\n")
    assert table.rows[0].count("Tx") == 7
    with pytest.raises(ValueError, match="'Rx' is empty"):
        table.rows[0].count("Rx")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (TABLE.replace("Tx", "Zz"), "unknown column 'Zz'"),
        ("Port     Rx\n-----  ----\nEth1   1200\n", "column 'Tx' is missing"),
        (TABLE + "Eth2  44\n", "not aligned with any column"),
        ("surprise\n\n" + TABLE, "belongs to no known table"),
        ("Port  Rx  Tx\n", "belongs to no known table"),
        (TABLE.replace("Rx", "Tx"), "missing|same name"),
    ],
)
def test_other_forms_are_refused(text: str, problem: str) -> None:
    with pytest.raises(ParseError, match=problem):
        tables(text)


def test_a_last_line_without_newline_counts_only_if_it_is_provably_whole() -> None:
    assert tables(TABLE[:-1])[0].rows[0].count("Tx") == 7
    with pytest.raises(ParseError, match="may be cut off"):
        tables("Port     Rx    Tx\n-----  ----  ----\nEth1   1200  12")


def test_header_tables_read_blanks_by_position() -> None:
    text = "Port  List  Rx\n----------\nEth1  3,4   17\nEth2        18\n"
    rows = header_table(output(text), ("Port", "List", "Rx"))
    assert [row.cells["List"] for row in rows] == ["3,4", ""]
    with pytest.raises(ParseError, match="does not begin under any column"):
        header_table(output("Port  List  Rx\nEth2      18\n"), ("Port", "List", "Rx"))


@pytest.mark.parametrize("template", sorted(OWN_TEMPLATES.rglob("*.textfsm")), ids=lambda path: path.stem)
def test_every_own_template_refuses_lines_it_does_not_know(template: Path) -> None:
    assert is_strict(template)


@pytest.mark.parametrize(
    "name",
    ["huawei_vrp_display_arp_all", "zte_zxros_show_arp", "cisco_nxos_show_ip_arp_detail", "arista_eos_show_ip_arp"],
)
def test_every_community_template_that_we_use_does_too(name: str) -> None:
    assert is_strict(ntc_template(name))
