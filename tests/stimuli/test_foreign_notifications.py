"""Notifications of a third host: what is sent, by whom, and what is counted."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from plugfest.inventory.loader import load
from plugfest.inventory.plan import HostPair, Plan
from plugfest.packets.icrc import is_correct
from plugfest.packets.opcodes import CNP
from plugfest.stimuli import foreign_notifications
from plugfest.stimuli.foreign_notifications import _arrivals, notification, third_host
from tests.captures.frames import CLIENT, CLIENT_QP, ethernet, save_pcap
from tests.injection.conftest import own_network

__all__ = ["own_network"]

THIRD = "203.0.113.9"
PROGRAM = Path(foreign_notifications.__file__).with_name("guest") / "raw_packets.py"
WITH_LOOPBACK = """
import socket, subprocess, sys
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
receiver = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP)
receiver.settimeout(10)
done = subprocess.run([sys.executable, sys.argv[1]], input=sys.stdin.read(), capture_output=True, text=True, check=True)
print(done.stdout, end="")
print(receiver.recv(2048).hex())
"""


def pair(name: str) -> tuple[Plan, HostPair]:
    plan = Plan.of(load("embedded").lab)
    return plan, next(pair for pair in plan.host_pairs if pair.id == name)


def test_the_third_host_is_neither_end() -> None:
    third = third_host(*pair("h1->h3"))
    assert third is not None
    assert (third.name, third.address) == ("h2", "10.1.2.2")


def test_a_notification_is_what_the_annex_wants() -> None:
    packet = notification(THIRD, CLIENT, CLIENT_QP)
    assert is_correct(ethernet(packet, 0x0800)) is True
    bth = packet[28:40]
    assert (bth[0], bth[4], int.from_bytes(bth[5:8], "big")) == (CNP, 0x40, CLIENT_QP)
    assert packet[40:56] == bytes(16)
    assert len(packet) == 20 + 8 + 12 + 16 + 4


def test_only_notifications_of_this_source_and_queue_pair_count(tmp_path: Path) -> None:
    packets = [
        notification(THIRD, CLIENT, CLIENT_QP),
        notification("203.0.113.10", CLIENT, CLIENT_QP),
        notification(THIRD, CLIENT, CLIENT_QP + 1),
        notification(THIRD, CLIENT, CLIENT_QP),
    ]
    frames = [(1_000 * number, ethernet(packet, 0x0800)) for number, packet in enumerate(packets)]
    assert _arrivals(save_pcap(tmp_path / "a.pcap", frames), THIRD, CLIENT_QP) == [0, 3_000]


@pytest.mark.usefixtures("own_network")
def test_the_program_sends_packets_as_they_are() -> None:
    assert shutil.which("unshare")
    packet = notification(THIRD, "127.0.0.1", CLIENT_QP)
    order = json.dumps({"destination": "127.0.0.1", "packet": packet.hex(), "copies": 2, "interval": 0.001})
    command = ["unshare", "--user", "--map-root-user", "--net", sys.executable, "-c", WITH_LOOPBACK, str(PROGRAM)]
    done = subprocess.run(command, input=f"{order}\n", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"ready\nsent 2\n{packet.hex()}\n"
