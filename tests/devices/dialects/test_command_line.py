"""`plugfest device`: what people and programs see."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from plugfest.cli.device import app
from plugfest.devices.dialects import registry
from plugfest.devices.dialects.reading import filled
from plugfest.errors import CommandError, ParseError, UsageError

PFC = """-------------------------------------------------------------------------------------
Interface         Queue         Received(Frames)        ReceivedRate(pps)     DeadlockNum
                             Transmitted(Frames)     TransmittedRate(pps)     RecoveryNum
-------------------------------------------------------------------------------------
25GE1/0/3              4                      17                        2               1
                                              23                        3               0
-------------------------------------------------------------------------------------
"""


def run(*arguments: str, input: str | None = None) -> str:  # noqa: A002 - typer's own name
    result = CliRunner().invoke(app, arguments, input=input, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_parse_prints_typed_records_as_json(tmp_path: Path) -> None:
    file = tmp_path / "pfc.txt"
    file.write_text(PFC)
    arguments = ["parse", "--dialect", "huawei_vrp", "--command", "display dcb pfc interface"]
    document = json.loads(run(*arguments, str(file), "--json"))
    (record,) = document["records"]
    assert (record["record"], record["port"], record["priority"]) == ("PfcCounters", "25GE1/0/3", 4)
    assert (record["rx_frames"], record["tx_frames"], record["deadlocks_detected"]) == (17, 23, 1)
    assert record["rx_pause_microseconds"] is None
    assert json.loads(run(*arguments, "-", "--json", input=PFC)) == document


def test_parse_prints_a_table_for_people(tmp_path: Path) -> None:
    file = tmp_path / "pfc.txt"
    file.write_text(PFC)
    shown = run("parse", "--dialect", "huawei_vrp", "--command", "display dcb pfc", str(file))
    assert "1 PfcCounters" in shown
    assert "25GE1/0/3" in shown


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ("dis dcb p", "display dcb pfc-profile"),
        ("display lldp neighbour brief", "display lldp neighbor brief"),
        ("display qos queue statisticks interface 100GE1/0/1", "display qos queue statistics interface [PORT]"),
    ],
)
def test_abbreviations_and_near_misses_suggest_known_commands(typed: str, suggested: str) -> None:
    with pytest.raises(UsageError, match="did you mean") as caught:
        registry.dialect("huawei_vrp").find(typed)
    assert suggested in str(caught.value)


@pytest.mark.parametrize(
    ("dialect", "typed", "command", "arguments"),
    [
        ("huawei_vrp", "dis int b", "display interface brief", {}),
        ("huawei_vrp", "dis lldp nei b", "display lldp neighbor brief", {}),
        ("huawei_vrp", "dis int 100GE1/0/1", "display interface [PORT]", {"port": "100GE1/0/1"}),
        ("huawei_vrp", "dis dcb pfc", "display dcb pfc [interface PORT]", {}),
        ("h3c_comware", "dis lldp nei li", "display lldp neighbor-information list", {}),
        ("h3c_comware", "DIS INT B", "display interface brief", {}),
        ("sonic", "sh int status", "show interfaces status [PORT]", {}),
        ("sonic", "sh queue wred Ethernet8", "show queue wredcounters [PORT]", {"port": "Ethernet8"}),
        ("arista_eos", "sh int status", "show interfaces status", {}),
        ("cisco_nxos", "sh lldp nei det | no-more", "show lldp neighbors detail", {}),
    ],
)
def test_words_may_be_cut_short(dialect: str, typed: str, command: str, arguments: dict[str, str]) -> None:
    reading, found = registry.dialect(dialect).find(typed)
    assert (reading.command, dict(found)) == (command, arguments)


def test_an_abbreviated_command_reads_the_same(tmp_path: Path) -> None:
    file = tmp_path / "pfc.txt"
    file.write_text(f"<leaf2>dis dcb pfc int\n{PFC}")
    arguments = ["parse", "--dialect", "huawei_vrp", str(file), "--json", "--command"]
    (record,) = json.loads(run(*arguments, "dis dcb pfc int"))["records"]
    assert record["port"] == "25GE1/0/3"


def test_every_known_command_means_itself() -> None:
    for dialect in registry.dialects():
        for reading in dialect.readings:
            typed = filled(reading.commands[0], None)
            assert typed is None or dialect.find(typed)[0] is reading


def test_an_unlike_command_points_at_the_list() -> None:
    with pytest.raises(UsageError, match="see `plugfest device commands --dialect sonic`"):
        registry.dialect("sonic").find("reboot")


def test_errors_name_file_command_line_and_text(tmp_path: Path) -> None:
    file = tmp_path / "pfc.txt"
    file.write_text(PFC.replace("17 ", "1l "))
    with pytest.raises(ParseError, match=r"pfc.txt: 'display dcb pfc': line 5: .*25GE1/0/3"):
        run("parse", "--dialect", "huawei_vrp", "--command", "display dcb pfc", str(file))
    file.write_text("      ^\nError: Unrecognized command found at '^' position.\n")
    with pytest.raises(CommandError, match="was rejected"):
        run("parse", "--dialect", "huawei_vrp", "--command", "display dcb pfc", str(file))
    with pytest.raises(UsageError, match="give the path of a saved output"):
        run("parse", "--dialect", "huawei_vrp", "--command", "display dcb pfc", str(tmp_path / "none.txt"))


def test_lists_say_how_far_each_parser_is_proven() -> None:
    shown = run("dialects")
    assert "unverified" in shown
    assert "verified    show pfc counters" in shown
    documents = json.loads(run("dialects", "--json"))
    assert [document["dialect"] for document in documents] == [
        each.name for each in (*registry.dialects(), *registry.host_dialects())
    ]
    commands = run("commands", "--dialect", "sonic")
    assert "show queue counters --json [PORT]" in commands


def test_an_answer_without_its_port_asks_for_it() -> None:
    text = (
        "Symbol Errors Per Codeword      Codewords\n----------------------------  -----------\nBIN0              17\n"
    )
    with pytest.raises(ParseError, match="give the command with its port"):
        registry.dialect("sonic").parse("show interfaces counters fec-histogram", text, device="leaf1")
