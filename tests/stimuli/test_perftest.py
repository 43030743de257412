from pathlib import Path

import pytest

from plugfest.errors import CommandError, DeadlineExceededError
from plugfest.stimuli.completion import CompletionStatus
from plugfest.stimuli.perftest import PerftestResult, PerftestSide, run_perftest
from plugfest.stimuli.perftest_options import PerftestOptions, Program
from tests.stimuli.scripted_host import ScriptedHost

WRITE = (Path(__file__).parent / "recordings" / "write_bw_4.5_client.txt").read_text()
LISTENING = "************************************\n* Waiting for client to connect... *\n"
SERVER = (LISTENING + WRITE.partition(" #bytes")[0], "", 0)
RETRIES_EXCEEDED = " Completion with error at client\n Failed status 12: wr_id 0 syndrom 0x81\n"


def hosts(
    client: tuple[str, str, int], server: tuple[str, str, int], sockets: str = "LISTEN 0 128 *:18515"
) -> tuple[ScriptedHost, ScriptedHost]:
    return (
        ScriptedHost("h1", {"stdbuf -oL ib_write_bw": client}, {}),
        ScriptedHost("h4", {"stdbuf -oL ib_write_bw": server}, {"ss ": sockets}),
    )


def run(client: ScriptedHost, server: ScriptedHost) -> PerftestResult:
    return run_perftest(
        Program.WRITE_BW,
        PerftestSide(client.session, "rxe1", 1, "192.0.2.11"),
        PerftestSide(server.session, "rxe4", 2, "192.0.2.14"),
        PerftestOptions(iterations=10),
        seconds=1,
    )


def test_a_run_gives_rows_and_both_ends_of_every_queue_pair() -> None:
    client, server = hosts((WRITE, "", 0), SERVER)
    result = run(client, server)
    assert [row.iterations for row in result.rows] == [10000]
    assert [(pair.client.qpn, pair.server.qpn) for pair in result.queue_pairs] == [(0x1B07, 0x2C4), (0x1B08, 0x2C5)]
    assert (result.failed, result.seconds) == (None, 1.5)
    assert not any(process.running for process in (*client.processes, *server.processes))


def test_the_client_starts_only_when_the_servers_socket_is_open_and_uses_the_management_network() -> None:
    client, server = hosts((WRITE, "", 0), SERVER)
    run(client, server)
    started, asked = server.commands
    port = started.partition("--port=")[2].partition(" ")[0]
    assert started == f"stdbuf -oL ib_write_bw -F --ib-dev=rxe4 --gid-index=2 --port={port} --iters=10"
    assert asked == f"ss -Hltn 'sport = :{port}'"
    assert client.commands == [
        f"stdbuf -oL ib_write_bw -F --ib-dev=rxe1 --gid-index=1 --port={port} --iters=10 192.0.2.14"
    ]


def test_a_failed_completion_is_a_result_to_judge() -> None:
    client, server = hosts((WRITE.partition(" #bytes")[0], RETRIES_EXCEEDED, 1), SERVER)
    result = run(client, server)
    assert result.failed is not None
    assert result.failed.status is CompletionStatus.RETRY_EXC_ERR
    assert (result.rows, len(result.queue_pairs)) == ((), 2)
    assert not server.processes[0].running


def test_a_tool_that_cannot_run_tells_why_for_both_sides() -> None:
    client, server = hosts(("", "Couldn't connect to 192.0.2.14:18515\n", 1), SERVER)
    with pytest.raises(CommandError, match=r"(?s)h1: .*Couldn't connect to 192\.0\.2\.14.*; h4: .*exit status 0"):
        run(client, server)


def test_a_server_that_ends_before_it_listens_is_told_in_its_words() -> None:
    client, server = hosts((WRITE, "", 0), ("", " IB device rxe4 not found\n", 1))
    with pytest.raises(CommandError, match=r"h4: .*IB device rxe4 not found"):
        run(client, server)
    assert client.processes == []


def test_a_server_that_never_listens_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plugfest.stimuli.perftest.START_SECONDS", 0.01)
    client, server = hosts((WRITE, "", 0), SERVER, sockets="")
    with pytest.raises(DeadlineExceededError, match="ib_write_bw server listens on h4"):
        run(client, server)
    assert (client.processes, server.processes[0].running) == ([], False)
