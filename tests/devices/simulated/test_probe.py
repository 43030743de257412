"""The first look at a new box: read-only, honest about what was not understood, recordings that are tests at once."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from plugfest.cli.device import app
from plugfest.devices.dialects import registry
from plugfest.devices.dialects.probing import login, probe_switch
from plugfest.devices.simulated.switch import PASSWORD, USER, simulated_switch
from plugfest.errors import UsageError
from tests.devices.dialects.saved import Saved, saved


def answers(dialect: str) -> dict[str, str]:
    """Commands and the first recording of each."""
    return {each.command: each.answer for each in reversed(saved("good")) if each.dialect.name == dialect}


def test_probe_says_what_parsed_and_saves_recordings_that_are_tests(tmp_path: Path) -> None:
    known = registry.dialect("huawei_vrp")
    told = {**answers("huawei_vrp"), "display dcb pfc": "a new form\nof this table\n"}
    told["display version"] += "  admin password: hunter2hunter2\n"
    with (
        simulated_switch("huawei_vrp", told, tmp_path) as switch,
        login("127.0.0.1", switch.port, USER, switch.known_hosts, None, PASSWORD) as pool,
    ):
        cli = pool.network_cli("127.0.0.1", known.traits.netmiko_type)
        findings = probe_switch(known, cli, folder=tmp_path / "new", port="100GE1/0/9")
    by_command = {finding.command: finding for finding in findings}
    assert by_command["display interface brief"].records == 7
    assert "a new form" in by_command["display dcb pfc interface 100GE1/0/9"].problem or (
        "rejected" in by_command["display dcb pfc interface 100GE1/0/9"].problem
    )
    assert all(line.startswith(("display ", "screen-length")) for line in switch.typed)
    assert switch.configured == []
    texts = [file.read_text() for file in (tmp_path / "new").rglob("*.txt")]
    assert len(texts) == len(findings)
    assert not any("hunter2" in text for text in texts)
    for file in (tmp_path / "new").rglob("good_*.txt"):
        recording = Saved(file)
        assert recording.expected
        assert [one["record"] for one in recording.parse()] == [one["record"] for one in recording.expected]


def test_probe_of_an_unknown_box_records_what_a_parser_would_need(tmp_path: Path) -> None:
    known = registry.dialect("centec")
    with (
        simulated_switch("centec", {"show version": "Centec CNOS 7.4.0\n"}, tmp_path) as switch,
        login("127.0.0.1", switch.port, USER, switch.known_hosts, None, PASSWORD) as pool,
    ):
        cli = pool.network_cli("127.0.0.1", known.traits.netmiko_type)
        findings = probe_switch(known, cli, folder=tmp_path / "new")
    assert findings.parsed == 0
    assert next(finding.line() for finding in findings) == "no parser   show version"
    (file,) = (tmp_path / "new" / "centec" / "show_version").glob("unread_*.txt")
    assert "Centec CNOS 7.4.0" in file.read_text()


def test_the_command_line_probes_and_ends_well(tmp_path: Path) -> None:
    with simulated_switch("zte_zxros", answers("zte_zxros"), tmp_path) as switch:
        where = ["127.0.0.1", "--port", str(switch.port), "--known-hosts", str(switch.known_hosts)]
        what = ["--dialect", "zte_zxros", "--user", USER, "--out", str(tmp_path / "new")]
        result = CliRunner().invoke(app, ["probe", *where, *what], input=f"{PASSWORD}\n")
    assert result.exit_code == 0, result.output
    assert "parsed      show interface brief: 3 records" in result.output
    assert PASSWORD not in result.output


def test_every_command_a_probe_would_type_only_reads() -> None:
    from plugfest.devices.dialects.probing import READ_ONLY
    from plugfest.devices.dialects.reading import filled

    for dialect in registry.dialects():
        for reading in dialect.readings:
            assert READ_ONLY.match(filled(reading.commands[0], "Ethernet1") or ""), reading.command
        assert all(READ_ONLY.match(command) for command in dialect.wanted)


def test_an_unknown_dialect_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="'junos' is not a dialect: choose one of sonic, huawei_vrp"):
        registry.dialect("junos")
