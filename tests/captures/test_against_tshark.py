"""Field by field the same as tshark, where tshark is right.

Left out: frames whose source port makes tshark call them something else, CNPs (which it calls unknown), FECN and BECN
(which it does not show), and anything about recovery (of which it knows nothing).
"""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from plugfest.bench.synthetic.scenario import Scenario
from plugfest.captures.columns import NONE
from plugfest.captures.table import read_table
from tests.captures.conftest import Synthetic

pytestmark = pytest.mark.skipif(not shutil.which("tshark"), reason="tshark is not installed (package tshark)")
FOLDER = Path(__file__).parent / "recordings"
FIELDS = {
    "frame.len": "wire",
    "frame.cap_len": "captured",
    "ip.dsfield": "tos",
    "ip.ttl": "ttl",
    "ip.id": "identification",
    "udp.srcport": "source_port",
    "infiniband.bth.opcode": "opcode",
    "infiniband.bth.destqp": "destination_qp",
    "infiniband.bth.psn": "psn",
    "infiniband.bth.p_key": "partition_key",
    "infiniband.reth.dmalen": "dma_length",
}


def seen_by_tshark(path: Path) -> list[dict[str, str]]:
    fields = [word for field in ("frame.time_epoch", *FIELDS, "infiniband.aeth.syndrome") for word in ("-e", field)]
    command = ["tshark", "-n", "-r", str(path), "--disable-protocol", "tftp", "-T", "fields", *fields]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    names = ["time", *FIELDS.values(), "syndrome"]
    return [dict(zip(names, line.split("\t"), strict=True)) for line in lines]


def number(text: str) -> int:
    return int(text, 0) if text else NONE


@pytest.mark.parametrize("name", ["write_loss-h3", "read_loss-h1", "atomic_loss-h3", "ud_send-h3", "write_clean-h3"])
def test_recordings(name: str) -> None:
    compare(FOLDER / f"{name}.pcap")


def test_a_synthetic_capture(synthetic: Synthetic) -> None:
    path, _ = synthetic(Scenario(packets=5_000, drop=1e-3, receiver_not_ready=0.02))
    compare(path)


def compare(path: Path) -> None:
    rows, theirs = read_table(path).rows, seen_by_tshark(path)
    assert len(rows) == len(theirs) > 0
    for column in FIELDS.values():
        assert rows[column].tolist() == [number(line[column]) for line in theirs], column
    times = [int(line["time"].replace(".", "")) for line in theirs]
    assert rows["time"].tolist() == times
    answers = np.flatnonzero(rows["aeth"] != NONE)
    assert (rows["aeth"][answers] >> 24).tolist() == [number(theirs[at]["syndrome"]) for at in answers]
