import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from plugfest.errors import (
    AuthenticationError,
    CommandError,
    ConnectionLostError,
    DeadlineExceededError,
    HostKeyError,
    UsageError,
)
from plugfest.sessions.endpoint import Endpoint
from plugfest.sessions.network_cli import Manners
from plugfest.sessions.pool import SessionPool
from tests.sessions.odd_servers import Process, odd_ssh_server

LONG = "".join(f"Ethernet{number} is up\n" for number in range(1, 101))
SCREEN = 24
FIXED = {
    "": "",
    "terminal length 0": "Pagination disabled.\n",
    "terminal width 511": "Width set to 511 columns.\n",
    "configure terminal": "",
    "end": "",
    "show secrets": "enable secret 5 $1$canary\n",
}


class SwitchCli:
    """A command line with prompts, modes, paging and error phrases, as switches have it."""

    def __init__(self) -> None:
        self.configured: list[str] = []
        self.terminals = 0

    async def converse(self, process: Process) -> None:
        self.terminals += 1
        mode, paging = "", True
        while True:
            process.stdout.write(f"leaf1{mode}#")
            typed = await process.stdin.readline()
            if not typed:
                return
            line = typed.strip()
            mode = {"configure terminal": "(config)", "end": ""}.get(line, mode)
            paging = paging and line != "terminal length 0"
            await self._answer(process, line, mode, paging)

    async def _answer(self, process: Process, line: str, mode: str, paging: bool) -> None:
        if line == "show interfaces":
            await self._show(process, LONG, paging)
        elif line == "show nothing":
            await asyncio.sleep(60)
        elif line == "reload now":
            process.channel.get_connection().abort()
        elif line == "mtu 4200" and mode:
            self.configured.append(line)
        else:
            process.stdout.write(FIXED.get(line, f"% Invalid input at '{line[:4].strip()}'\n"))

    @staticmethod
    async def _show(process: Process, text: str, paging: bool) -> None:
        lines = text.splitlines(keepends=True)
        while paging and len(lines) > SCREEN:
            process.stdout.write("".join(lines[:SCREEN]) + "--More--")
            lines = lines[SCREEN:]
            await process.stdin.read(1)
        process.stdout.write("".join(lines))


@pytest.fixture
def switch() -> SwitchCli:
    return SwitchCli()


@pytest.fixture
def endpoint(switch: SwitchCli, tmp_path: Path) -> Iterator[Endpoint]:
    with odd_ssh_server(tmp_path, switch.converse) as make:
        yield make()


@pytest.fixture
def pool(endpoint: Endpoint) -> Iterator[SessionPool]:
    with SessionPool({"leaf1": endpoint}) as pool:
        yield pool


def test_long_answers_come_complete_and_without_prompt_or_paging(pool: SessionPool, switch: SwitchCli) -> None:
    cli = pool.network_cli("leaf1", "arista_eos")
    assert cli is pool.network_cli("leaf1", "arista_eos")
    with pool.recording() as transcript:
        result = cli.run("show interfaces")
    assert result.out.splitlines() == LONG.splitlines()
    assert (result.device, result.command, result.exit_status, result.ok) == ("leaf1", "show interfaces", -1, True)
    assert transcript.results == (result,)
    assert cli.run("show secrets").out.strip() == "enable secret 5 ***"
    assert switch.terminals == 1


def test_an_error_phrase_is_a_failed_command(pool: SessionPool) -> None:
    cli = pool.network_cli("leaf1", "arista_eos")
    with pytest.raises(CommandError, match=r"leaf1: `shw version` .*% Invalid input at 'shw'"):
        cli.run("shw version")
    assert not cli.run("shw version", check=False).ok


def test_configuration_lines_are_sent_in_configuration_mode(pool: SessionPool, switch: SwitchCli) -> None:
    cli = pool.network_cli("leaf1", "arista_eos")
    result = cli.configure(["mtu 4200"])
    assert result.command == "configure: mtu 4200"
    assert switch.configured == ["mtu 4200"]
    with pytest.raises(CommandError, match="% Invalid input at 'mtoo'"):
        cli.configure(["mtoo 1"])
    assert cli.run("show interfaces").ok


def test_no_prompt_within_the_deadline_opens_a_new_terminal_next_time(pool: SessionPool, switch: SwitchCli) -> None:
    cli = pool.network_cli("leaf1", "arista_eos")
    with pytest.raises(DeadlineExceededError, match="leaf1: prompt after `show nothing`: not seen within"):
        cli.run("show nothing", timeout=1)
    assert cli.run("show interfaces").ok
    assert switch.terminals == 2


def test_a_lost_connection_is_not_repeated_but_made_again(pool: SessionPool, switch: SwitchCli) -> None:
    cli = pool.network_cli("leaf1", "arista_eos")
    with pytest.raises(ConnectionLostError, match="leaf1: prompt after `reload now`"):
        cli.run("reload now", timeout=10)
    assert cli.run("show interfaces").ok
    assert switch.terminals == 2


@pytest.mark.parametrize("command", ["show version\nreload", "", " ", "show\0"])
def test_only_single_lines_are_sent(pool: SessionPool, command: str) -> None:
    with pytest.raises(UsageError, match="one command line"):
        pool.network_cli("leaf1", "arista_eos").run(command)


def test_unknown_device_types_are_refused(pool: SessionPool) -> None:
    with pytest.raises(UsageError, match="netmiko knows no device type 'toaster'"):
        pool.network_cli("leaf1", "toaster").run("show version")


def test_host_key_and_login_rules_are_those_of_every_session(endpoint: Endpoint, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    unknown = endpoint.model_copy(update={"known_hosts": tmp_path / "empty"})
    with pytest.raises(HostKeyError, match=r"leaf1 .*host key unknown"):
        SessionPool({"leaf1": unknown}).network_cli("leaf1", "arista_eos").run("show version")
    stranger = endpoint.model_copy(update={"user": "stranger"})
    with pytest.raises(AuthenticationError, match=r"leaf1 \(stranger@.*login refused"):
        SessionPool({"leaf1": stranger}).network_cli("leaf1", "arista_eos").run("show version")


class Asking(SwitchCli):
    """Asks before it rolls back, and repeats what it was told as drivers without echo control see it."""

    async def _answer(self, process: Process, line: str, mode: str, paging: bool) -> None:
        if line.startswith("rollback"):
            process.stdout.write("Warning: This will revert changes. Continue? [Y/N]:")
            answer = (await process.stdin.readline()).strip()
            self.configured.append(f"{line}: {answer}")
            process.stdout.write("Rollback succeeded.\n" if answer == "y" else "Info: nothing was done.\n")
        else:
            await super()._answer(process, line, mode, paging)


def test_questions_are_answered_in_order(tmp_path: Path) -> None:
    switch = Asking()
    with odd_ssh_server(tmp_path, switch.converse) as make, SessionPool({"leaf1": make()}) as pool:
        cli = pool.network_cli("leaf1", "arista_eos")
        result = cli.run("rollback last 1", "y")
        assert "Rollback succeeded." in result.out
        assert result.command == "rollback last 1 y"
        assert cli.run("show interfaces", "y").ok  # no question came, so nothing was answered
    assert switch.configured == ["rollback last 1: y"]


def test_an_abandoned_terminal_is_opened_anew(pool: SessionPool, switch: SwitchCli) -> None:
    cli = pool.network_cli("leaf1", "arista_eos")
    cli.run("configure terminal")
    cli.abandon()
    with pytest.raises(CommandError, match="% Invalid input"):
        cli.run("mtu 4200")
    assert switch.terminals == 2


class Unprivileged(SwitchCli):
    """Lets a person configure only after `enable`."""

    enabled = False

    async def converse(self, process: Process) -> None:
        while not self.enabled:
            process.stdout.write("leaf1>")
            line = (await process.stdin.readline()).strip()
            self.enabled = line == "enable"
            process.stdout.write(FIXED.get(line, "") if line.startswith("terminal") else "")
        await super().converse(process)


def test_a_login_without_rights_is_enabled(tmp_path: Path) -> None:
    switch = Unprivileged()
    with odd_ssh_server(tmp_path, switch.converse) as make, SessionPool({"leaf1": make()}) as pool:
        cli = pool.network_cli("leaf1", "arista_eos", Manners(enable=True))
        assert cli.configure(["mtu 4200"]).ok
    assert switch.configured == ["mtu 4200"]


class Locked(SwitchCli):
    """Wants a password that nobody has told us."""

    async def converse(self, process: Process) -> None:
        process.stdout.write("leaf1>")
        while line := await process.stdin.readline():
            if line.strip() == "enable":
                process.stdout.write("Password: ")
                await process.stdin.readline()
            process.stdout.write(FIXED.get(line.strip(), "% Access denied\n") + "leaf1>")


def test_a_login_that_cannot_be_enabled_says_so(tmp_path: Path) -> None:
    with (
        odd_ssh_server(tmp_path, Locked().converse) as make,
        SessionPool({"leaf1": make()}) as pool,
        pytest.raises(AuthenticationError, match=r"leaf1: `enable` gave no rights to configure: .*Password:"),
    ):
        pool.network_cli("leaf1", "arista_eos", Manners(enable=True)).run("show interfaces")


def test_the_prompt_of_any_view_ends_an_answer(tmp_path: Path) -> None:
    class Views(SwitchCli):
        async def converse(self, process: Process) -> None:
            prompt = "<leaf1>"
            while True:
                process.stdout.write(prompt)
                line = (await process.stdin.readline()).strip()
                prompt = {"system-view": "[~leaf1]", "interface 100GE1/0/1": "[*leaf1-100GE1/0/1]"}.get(line, prompt)

    prompt = r"[<\[][~*]?[\w./-]+[>\]]"
    with odd_ssh_server(tmp_path, Views().converse) as make, SessionPool({"leaf1": make()}) as pool:
        cli = pool.network_cli("leaf1", "h3c_comware", Manners(prompt=prompt))
        for line in ("system-view", "interface 100GE1/0/1", "shutdown"):
            assert cli.run(line, timeout=10).out.strip() == ""
