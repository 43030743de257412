"""The real SSH stack and netmiko's real drivers against simulated command lines, from login to logout."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from plugfest.devices import lines
from plugfest.devices.dialects import registry
from plugfest.devices.dialects.reading import filled
from plugfest.devices.dialects.switch import DialectSwitch
from plugfest.devices.protocols import Unsupported
from plugfest.devices.simulated.persona import PERSONAS
from plugfest.devices.simulated.switch import PASSWORD, USER, Behaviour, SimulatedSwitch, simulated_switch
from plugfest.errors import CommandError, ConnectionLostError
from plugfest.sessions.deadline import Deadline
from plugfest.sessions.endpoint import Endpoint
from plugfest.sessions.network_cli import NetworkCli
from plugfest.sessions.pool import SessionPool
from tests.devices.dialects.saved import Saved, saved

GOOD = [recording for recording in saved("good") if recording.file.name == "good_1.txt"]


def recordings(dialect: str) -> list[Saved]:
    """Recordings of a dialect; AsterNOS answers as SONiC does."""
    source = "sonic" if dialect == "asternos" else dialect
    return [each for each in GOOD if each.dialect.name == source]


@contextmanager
def command_line(switch: SimulatedSwitch, dialect: str) -> Iterator[NetworkCli]:
    endpoint = Endpoint(
        name=switch.name,
        address="127.0.0.1",
        port=switch.port,
        user=USER,
        password=SecretStr(PASSWORD),
        known_hosts=switch.known_hosts,
    )
    with SessionPool({switch.name: endpoint}) as pool:
        yield lines.command_line(pool, switch.name, registry.dialect(dialect))


@pytest.mark.parametrize("dialect", registry.NAMES)
def test_every_recorded_command_reads_the_same_over_ssh(dialect: str, tmp_path: Path) -> None:
    known = registry.dialect(dialect)
    answers = {each.command: each.answer for each in recordings(dialect)}
    with simulated_switch(dialect, answers, tmp_path) as switch, command_line(switch, dialect) as cli:
        for each in recordings(dialect):
            text = cli.run(each.command, check=False).out + "\n"
            records = known.parse(each.command, text, device="leaf1")
            assert [{"record": type(one).__name__, **one.model_dump(mode="json")} for one in records] == each.expected
        refused = cli.run("dispaly nothing", check=False).out
    assert known.traits.error_phrases.search(refused), refused
    assert switch.logins == 1


@pytest.mark.parametrize("dialect", [name for name in registry.NAMES if registry.dialect(name).readings])
def test_a_rejected_command_is_an_error_and_not_an_empty_table(dialect: str, tmp_path: Path) -> None:
    known = registry.dialect(dialect)
    command = next(filter(None, (filled(reading.commands[0], None) for reading in known.readings)))
    with simulated_switch(dialect, {}, tmp_path) as switch, command_line(switch, dialect) as cli:
        refused = cli.run(command, check=False).out + "\n"
    with pytest.raises(CommandError, match="was rejected"):
        known.parse(command, refused, device="leaf1")


@pytest.mark.parametrize("dialect", registry.NAMES)
def test_netmiko_logs_in_reads_and_logs_out(dialect: str, tmp_path: Path) -> None:
    import netmiko

    with simulated_switch(dialect, {"show clock": "12:00:01\n"}, tmp_path) as switch:
        driver = netmiko.ConnectHandler(
            device_type=registry.dialect(dialect).traits.netmiko_type,
            host="127.0.0.1",
            port=switch.port,
            username=USER,
            password=PASSWORD,
            ssh_strict=True,
            alt_host_keys=True,
            alt_key_file=str(switch.known_hosts),
        )
        assert "12:00:01" in driver.send_command("show clock")
        driver.disconnect()
        Deadline("the switch sees the logout", 20).wait_for(lambda: switch.logouts)
    assert switch.typed.count("show clock") == 1
    assert (switch.logins, switch.logouts) == (1, 1)
    paging_off = registry.dialect(dialect).traits.paging_off
    assert paging_off is None or paging_off in switch.typed


@pytest.mark.parametrize("dialect", [name for name, persona in PERSONAS.items() if persona.password_change])
def test_the_password_change_question_is_answered_with_no(dialect: str, tmp_path: Path) -> None:
    with (
        simulated_switch(dialect, {"show clock": "12:00:01\n"}, tmp_path) as switch,
        command_line(switch, dialect) as cli,
    ):
        cli.run("show clock")
    assert switch.password_changes == ["n"]
    assert registry.dialect(dialect).traits.password_change is not None


@pytest.mark.parametrize("dialect", ["huawei_vrp", "h3c_comware", "arista_eos", "cisco_nxos", "zte_zxros"])
def test_long_output_arrives_in_one_piece(dialect: str, tmp_path: Path) -> None:
    lines = [f"port {number} is up" for number in range(300)]
    answers = {"show ports": "\n".join(lines) + "\n"}
    with simulated_switch(dialect, answers, tmp_path) as switch, command_line(switch, dialect) as cli:
        assert cli.run("show ports").out.split("\n")[-len(lines) :] == lines


def test_slow_output_is_waited_for(tmp_path: Path) -> None:
    answers = {"show version": "a\nb\nc\n"}
    slow = Behaviour(pause_seconds=0.3)
    with (
        simulated_switch("cisco_nxos", answers, tmp_path, behaviour=slow) as switch,
        command_line(switch, "cisco_nxos") as cli,
    ):
        assert cli.run("show version").out == "a\nb\nc"


@pytest.mark.parametrize("dialect", ["centec", "ruijie_rgos", "cisco_nxos"])
def test_the_first_command_waits_until_paging_is_off(dialect: str, tmp_path: Path) -> None:
    answers = dict(PERSONAS[dialect].accepted) | {"show clock": "12:00:01\n"}
    login = replace(PERSONAS[dialect], accepted={})
    slow = Behaviour(pause_seconds=0.5, asks_password_change=False)
    with (
        simulated_switch(dialect, answers, tmp_path, behaviour=slow, persona=login) as switch,
        command_line(switch, dialect) as cli,
    ):
        assert cli.run("show clock").out == "12:00:01"
        refused = cli.run("dispaly nothing", check=False).out
    assert registry.dialect(dialect).traits.error_phrases.search(refused), refused


def test_a_connection_cut_in_mid_output_is_an_error_and_not_a_short_answer(tmp_path: Path) -> None:
    answers = {"show version": "a\nb\nc\nd\n", "show clock": "12:00:01\n"}
    cut = Behaviour(hang_up_in="show version")
    with (
        simulated_switch("arista_eos", answers, tmp_path, behaviour=cut) as switch,
        command_line(switch, "arista_eos") as cli,
    ):
        with pytest.raises(ConnectionLostError):
            cli.run("show version")
        assert "12:00:01" in cli.run("show clock").out
    assert switch.logins == 2


def test_a_candidate_needs_a_commit_where_the_dialect_has_one(tmp_path: Path) -> None:
    with simulated_switch("huawei_vrp", {}, tmp_path) as switch, command_line(switch, "huawei_vrp") as cli:
        cli.configure(["dcb pfc"])
        assert (switch.configured, switch.candidate) == ([], ["dcb pfc"])
        cli.configure(["dcb pfc", "commit"])
    assert switch.configured == ["dcb pfc", "dcb pfc"]
    with simulated_switch("h3c_comware", {}, tmp_path) as switch, command_line(switch, "h3c_comware") as cli:
        cli.configure(["priority-flow-control no-drop dot1p 3"])
    assert switch.configured == ["priority-flow-control no-drop dot1p 3"]


def test_a_dialect_switch_answers_the_vendor_neutral_questions(tmp_path: Path) -> None:
    answers = {each.command: each.answer for each in recordings("sonic")}
    with simulated_switch("sonic", answers, tmp_path) as simulated, command_line(simulated, "sonic") as cli:
        switch = DialectSwitch("leaf1", registry.dialect("sonic"), cli)
        assert switch.facts().serial == "AC2450X00731"
        ports = switch.interfaces()
        assert ports["Ethernet8"].oper_up is True
        assert ports["Ethernet8"].counters is not None
        assert ports["Ethernet8"].counters.rx_packets == 7_340_221
        assert {neighbor.system_name for neighbor in switch.lldp_neighbors()} == {"spine2", None}
        assert [str(session.state) for session in switch.bgp_neighbors()] == ["Established", "Established", "Active"]
        assert [len(route.next_hops) for route in switch.routes()] == [1, 2]


def test_what_a_dialect_cannot_answer_is_unsupported_and_never_zero() -> None:
    class Silent:
        def run(self, *command: str, timeout: float = 30.0, check: bool = True) -> object:
            raise AssertionError("nothing may be asked")

    switch = DialectSwitch("leaf1", registry.dialect("centec"), Silent())  # type: ignore[arg-type]
    with pytest.raises(Unsupported, match="centec cannot answer 'queue counters'"):
        switch.queues("eth-0-1")
    with pytest.raises(Unsupported, match="cannot set the MTU of eth-0-1"):
        switch.set_mtu("eth-0-1", 4200)
