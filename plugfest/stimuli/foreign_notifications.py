"""Congestion notifications from somebody who is no end of the connection, as a switch on the way would send them."""

import json
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from plugfest.devices.roster import Roster
from plugfest.inventory.models import Capability
from plugfest.inventory.plan import HostPair, Plan
from plugfest.packets.opcodes import CNP, ROCE_UDP_PORT
from plugfest.records import Record
from plugfest.sessions.deadline import Deadline
from plugfest.stimuli.guest.operations import Verb
from plugfest.stimuli.injected_transfer import InjectedTransfer, InjectedTransfers
from plugfest.stimuli.rdma_endpoint import RdmaConnection
from plugfest.stimuli.rdma_plan import RdmaOperation, RdmaPlan

if TYPE_CHECKING:
    from plugfest.sessions.remote_process import RemoteProcess

COPIES = 50
INTERVAL_SECONDS = 0.002
START_SECONDS = 30.0
SENDING_SECONDS = 30.0
DSCP = 48
"""Where most profiles put notifications."""
LONG_TRANSFER = RdmaPlan(
    operations=(RdmaOperation(verb=Verb.WRITE, size=4096, messages=2048),),
    path_mtu=1024,
    timeout=18,
    traffic_class=106,
    seconds=60,
)
"""8 MiB in small messages, so that it still runs when the notifications come."""


class ForeignNotifications(Record):
    """One transfer, and the notifications that a third host sent to its requester meanwhile."""

    sender: str
    """Name of the third host."""
    source: str
    """The address the notifications came from."""
    sent: int
    arrived: int
    """At the requester's port."""
    arrived_during: int
    """Of these, between the first and the last request."""
    transfer: InjectedTransfer


class ThirdHost(Record):
    """Who can send notifications to the client of a pair without being its server."""

    name: str
    address: str


def third_host(plan: Plan, pair: HostPair) -> ThirdHost | None:
    """A host that is neither end and may open raw sockets, as capturing needs them too; None if there is none."""
    for other in plan.host_pairs:
        able = Capability.CAPTURE in plan.lab.device(other.client).capabilities
        if able and other.server == pair.client and other.client != pair.server and other.client_address:
            return ThirdHost(name=other.client, address=other.client_address)
    return None


def notification(source: str, destination: str, queue_pair: int) -> bytes:
    """A congestion notification packet (IBTA annex A17.9.3) from its IPv4 header on, with a correct ICRC."""
    from scapy.layers.inet import IP, UDP

    from plugfest.packets.layers import Bth, CnpReserved

    network = IP(src=source, dst=destination, id=1, flags="DF", ttl=64, tos=DSCP << 2)
    bth = Bth(opcode=CNP, becn=1, destination_qp=queue_pair, psn=0, migreq=1)
    return bytes(network / UDP(sport=49_152, dport=ROCE_UDP_PORT, chksum=0) / bth / CnpReserved())


def notify_from_outside(
    pair: HostPair, third: ThirdHost, devices: Roster, transfers: InjectedTransfers, plan: RdmaPlan = LONG_TRANSFER
) -> ForeignNotifications:
    """Transfer from client to server while `third` sends notifications to the client's first queue pair."""
    program = files("plugfest.stimuli.guest").joinpath("raw_packets.py").read_text()
    with devices.pool.session(third.name).start("python3", "-c", program, stdin=True) as process:
        process.read_until(r"^(ready)\n", Deadline(f"raw sockets on {third.name}", START_SECONDS))
        transfer = transfers.run(pair, plan, meanwhile=lambda connection: _order(process, third, pair, connection))
        told = process.read_until(r"^sent (\d+)\n", Deadline(f"notifications from {third.name}", SENDING_SECONDS))
    queue_pair = transfer.result.connection.queue_pairs[0].requester.qpn
    times = _arrivals(transfer.at_requester.capture.file, third.address, queue_pair)
    trace = transfer.at_requester.queue_pairs[0]
    during = [time for time in times if trace and trace.first_time_ns <= time <= trace.last_time_ns]
    return ForeignNotifications(
        sender=third.name,
        source=third.address,
        sent=int(told[1]),
        arrived=len(times),
        arrived_during=len(during),
        transfer=transfer,
    )


def _order(process: "RemoteProcess", third: ThirdHost, pair: HostPair, connection: RdmaConnection) -> None:
    address = str(pair.client_address)
    packet = notification(third.address, address, connection.queue_pairs.queue_pairs[0].requester.qpn)
    order = {"destination": address, "packet": packet.hex(), "copies": COPIES, "interval": INTERVAL_SECONDS}
    process.send(f"{json.dumps(order)}\n", Deadline(f"order to {third.name}", SENDING_SECONDS))


def _arrivals(file: Path, source: str, queue_pair: int) -> list[int]:
    """When notifications from `source` for `queue_pair` passed, in nanoseconds."""
    from plugfest.captures.table import read_table

    table = read_table(file)
    rows = table.roce
    rows = rows[(rows["opcode"] == CNP) & (rows["destination_qp"] == queue_pair)]
    return [int(row["time"]) for row in rows if table.source_of(row) == source]
