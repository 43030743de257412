"""Runs on a host: sends IPv4 packets as they are, header included, when told to.

Reads one line ``{"destination": …, "packet": hex, "copies": …, "interval": seconds}`` and prints how many it sent.
"""

import json
import socket
import sys
import time


def main() -> None:
    """Say that we are ready, wait for the order, carry it out."""
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as sender:
        _say("ready")
        order = json.loads(sys.stdin.readline())
        packet, start = bytes.fromhex(order["packet"]), time.monotonic()
        for number in range(order["copies"]):
            time.sleep(max(0.0, start + number * order["interval"] - time.monotonic()))
            sender.sendto(packet, (order["destination"], 0))
    _say(f"sent {order['copies']}")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
