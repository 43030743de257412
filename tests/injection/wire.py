"""Runs in a network namespace of its own: sends frames through an injection table and prints what comes out.

Reads {"rules": …, "commands": […], "frames": [hex]} and prints {"received": [hex], "counters": nft's JSON}.
"""

import contextlib
import json
import select
import socket
import subprocess
import sys

QUIET_SECONDS = 0.5


def run(*argv: str) -> str:
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout


def received(port: socket.socket) -> list[str]:
    frames = []
    while select.select([port], [], [], QUIET_SECONDS)[0]:
        frames.append(port.recv(65536).hex())
    return frames


def main() -> None:
    task = json.load(sys.stdin)
    run("ip", "link", "add", "in", "type", "veth", "peer", "name", "out")
    for port in ("in", "out"):
        run("ip", "link", "set", port, "addrgenmode", "none")
        run("ip", "link", "set", port, "up")
    sender, receiver = (socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3)) for _ in range(2))
    sender.bind(("in", 0))
    receiver.bind(("out", 0))
    for command in task["commands"]:
        run(*command)
    for frame in task["frames"]:
        # A local sender is told that its packet was dropped; a forwarding hop is not.
        with contextlib.suppress(OSError):
            sender.send(bytes.fromhex(frame))
    counters = run("nft", "-j", "list", "counters")
    json.dump({"received": received(receiver), "counters": counters}, sys.stdout)


main()
