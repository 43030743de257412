from plugfest.sessions.result import CommandResult
from plugfest.stimuli.mtu_probe import probe_boundary
from plugfest.verdicts.mtu import boundary_is_sharp
from plugfest.verdicts.verdict import Outcome

ANSWERED = """PING 10.2.2.2 (10.2.2.2) 4172(4200) bytes of data.
4180 bytes from 10.2.2.2: icmp_seq=1 ttl=61 time=1.22 ms
4180 bytes from 10.2.2.2: icmp_seq=2 ttl=61 time=1.02 ms
4180 bytes from 10.2.2.2: icmp_seq=3 ttl=61 time=1.13 ms

--- 10.2.2.2 ping statistics ---
3 packets transmitted, 3 received, 0% packet loss, time 402ms
rtt min/avg/max/mdev = 1.020/1.123/1.220/0.081 ms
"""
ROUTER_REFUSES = """PING 10.2.2.2 (10.2.2.2) 4172(4200) bytes of data.
From 10.1.1.1 icmp_seq=1 Frag needed and DF set (mtu = 1500)

--- 10.2.2.2 ping statistics ---
3 packets transmitted, 0 received, +3 errors, 100% packet loss, time 402ms

"""
SILENCE = """PING 10.2.2.2 (10.2.2.2) 4172(4200) bytes of data.

--- 10.2.2.2 ping statistics ---
3 packets transmitted, 0 received, 100% packet loss, time 2040ms

"""


class Host:
    """Answers ping by packet size."""

    def __init__(self, legal: str) -> None:
        self.legal = legal

    def run(self, *argv: str, **_: object) -> CommandResult:
        legal = argv[argv.index("-s") + 1] == "4172"
        out, err = (self.legal, "") if legal else (SILENCE.replace("0 received,", "0 received, +3 errors,"), "")
        if not legal:
            err = "ping: sendmsg: Message too long\n"
        status = 0 if legal and " 0%" in out else 1
        return CommandResult(
            device="h1", command="ping", out=out, err=err, exit_status=status, duration=0.1, started=0.0
        )


def test_the_boundary_as_it_should_be() -> None:
    probes = probe_boundary(Host(ANSWERED), "10.2.2.2", 4200)  # type: ignore[arg-type]
    assert [(probe.size, probe.received) for probe in probes] == [(4200, 3), (4201, 0)]
    assert boundary_is_sharp("h1->h4", 4200, probes).outcome is Outcome.PASSED


def test_a_routers_refusal_and_a_black_hole_are_told_apart() -> None:
    refused = boundary_is_sharp("h1->h4", 4200, probe_boundary(Host(ROUTER_REFUSES), "10.2.2.2", 4200))  # type: ignore[arg-type]
    assert "refused: 10.1.1.1: fragmentation needed, next MTU 1500" in refused.explain()
    hole = boundary_is_sharp("h1->h4", 4200, probe_boundary(Host(SILENCE), "10.2.2.2", 4200))  # type: ignore[arg-type]
    assert "black hole" in hole.explain()
