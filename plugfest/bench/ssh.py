"""What a command over SSH costs: ours, plain paramiko and netmiko beside a bare local process, in the same run."""

import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from plugfest.bench.figures import Benchmark, Figure
from plugfest.bench.loopback_sshd import LoopbackSshd
from plugfest.sessions.pool import SessionPool

if TYPE_CHECKING:
    from netmiko import BaseConnection
    from paramiko import SSHClient

PROGRAM = "/bin/true"
"""A program that costs only its own start; the absolute path keeps shells from using their built-in one."""
ROUNDS = 10
RATIO_TARGET = 3.0
BATCH = 20


def measure_commands() -> Iterable[Figure]:
    """Median milliseconds a command; the contenders take turns so that all meet the same load on the machine."""
    with tempfile.TemporaryDirectory(prefix="plugfest-bench-") as folder, LoopbackSshd(Path(folder)) as sshd:
        times = _take_turns(sshd)
    local = times["local"]
    ratio = times["session"] / local
    note = f"median over {ROUNDS} rounds of {PROGRAM} over loopback"
    return [
        _row(
            "ssh.command_ms",
            times["session"],
            f"{note}; {ratio:.2f} x a bare local process",
            f"<= {RATIO_TARGET * local:.2f}",
        ),
        Figure(
            name="ssh.command_ratio", value=ratio, unit="x", target=f"<= {RATIO_TARGET:g}", note="Session.run / local"
        ),
        _row("ssh.batch_command_ms", times["batch"], f"{note}, {BATCH} commands in one Session.batch"),
        _row("ssh.local_process_ms", local, f"{note.replace(' over loopback', '')} as a bare local process"),
        _row(
            "ssh.paramiko_command_ms", times["paramiko"], f"{note}, one exec channel each, with the login shell's files"
        ),
        _row("ssh.netmiko_command_ms", times["netmiko"], f"{note}, send_command, prompt guessed"),
        _row("ssh.netmiko_expect_command_ms", times["netmiko_expect"], f"{note}, send_command with expect_string"),
    ]


BENCHMARKS: dict[str, Benchmark] = {"ssh": measure_commands}


def _row(name: str, value: float, note: str, target: str | None = None) -> Figure:
    return Figure(name=name, value=value, unit="ms", target=target, note=note)


def _take_turns(sshd: LoopbackSshd) -> dict[str, float]:
    with _contenders(sshd) as contenders:
        samples: dict[str, list[float]] = {name: [] for name in contenders}
        for action, _ in contenders.values():
            action()  # connections and first-use costs are not what a command costs
        for _ in range(ROUNDS):
            for name, (action, commands) in contenders.items():
                samples[name] += [_milliseconds(action) / commands for _ in range(5 if commands == 1 else 1)]
    return {name: statistics.median(values) for name, values in samples.items()}


def _milliseconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return (time.perf_counter() - began) * 1000


@contextmanager
def _contenders(sshd: LoopbackSshd) -> Iterator[dict[str, tuple[Callable[[], object], int]]]:
    """Actions by name, each with the number of commands that it runs."""
    with SessionPool({"loopback": sshd.endpoint("loopback")}) as pool, _paramiko(sshd) as client, _netmiko(sshd) as cli:
        session = pool.session("loopback")
        prompt = rf"{cli.base_prompt}.*[#$]\s*$"

        def plain_paramiko() -> None:
            _, out, _ = client.exec_command(PROGRAM)
            out.channel.recv_exit_status()

        yield {
            "local": (lambda: subprocess.run([PROGRAM], capture_output=True, check=True), 1),
            "session": (lambda: session.run(PROGRAM), 1),
            "batch": (lambda: session.batch([[PROGRAM]] * BATCH), BATCH),
            "paramiko": (plain_paramiko, 1),
            "netmiko": (lambda: cli.send_command(PROGRAM), 1),
            "netmiko_expect": (lambda: cli.send_command(PROGRAM, expect_string=prompt), 1),
        }


@contextmanager
def _paramiko(sshd: LoopbackSshd) -> "Iterator[SSHClient]":
    import paramiko

    endpoint = sshd.endpoint("loopback")
    with paramiko.SSHClient() as client:
        client.load_system_host_keys(str(endpoint.known_hosts))
        client.connect(endpoint.address, endpoint.port, endpoint.user, key_filename=str(endpoint.key_file))
        yield client


@contextmanager
def _netmiko(sshd: LoopbackSshd) -> "Iterator[BaseConnection]":
    import netmiko

    endpoint = sshd.endpoint("loopback")
    with netmiko.ConnectHandler(
        device_type="linux",
        host=endpoint.address,
        port=endpoint.port,
        username=endpoint.user,
        use_keys=True,
        key_file=str(endpoint.key_file),
        ssh_strict=True,
        alt_host_keys=True,
        alt_key_file=str(endpoint.known_hosts),
    ) as cli:
        yield cli
