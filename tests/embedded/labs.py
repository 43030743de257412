"""Lab files for these tests: the embedded lab, and the same with more devices."""

from pathlib import Path

from plugfest.inventory.loader import load
from plugfest.inventory.models import Lab

SPINE = """\
  spine3:
    group: switches
    tier: spine
    asn: 65000
    router_id: 10.0.0.13
    ports:
      swp1: {mtu: 4200}
      swp2: {mtu: 4200}
"""
HOST = """\
  h5:
    group: gpu_hosts
    gateway: 10.1.5.1
    ports:
      eth1: {address: 10.1.5.2/24, mtu: 4200}
    nics:
      - {vendor: Linux, model: Soft-RoCE, rdma_device: rxe5, port: eth1}
"""
LINKS = """\
  - {between: "h5:eth1 <-> leaf1:swp5", media: veth}
  - {between: "leaf1:swp51 <-> spine3:swp1", media: veth}
  - {between: "leaf2:swp51 <-> spine3:swp2", media: veth}
"""
SMALL = """\
version: 1
name: small
kind: embedded
devices:
  a:
    role: host
    gateway: 10.9.1.1
    ports: {eth1: {address: 10.9.1.2/24, mtu: 2000}}
    nics: [{vendor: Linux, model: Soft-RoCE, rdma_device: rxe1, port: eth1}]
  b:
    role: host
    gateway: 10.9.2.1
    ports: {eth1: {address: 10.9.2.2/24, mtu: 2000}}
  tor:
    role: switch
    vendor: plugfest
    model: virtual switch
    chip: Linux
    nos: Debian
    dialect: frr_linux
    ports:
      p1: {address: 10.9.1.1/24, mtu: 2000}
      p2: {address: 10.9.2.1/24, mtu: 2000}
links:
  - a:eth1 <-> tor:p1
  - b:eth1 <-> tor:p2
"""


def embedded() -> Lab:
    """The default lab."""
    return load("embedded").lab


def grown(folder: Path) -> Path:
    """File of the default lab with a fifth host and a third spine."""
    text = load("embedded").file.read_text().rstrip("\n") + "\n" + LINKS
    text = text.replace("\nlinks:\n", "\n" + HOST + SPINE + "\nlinks:\n")
    text = text.replace(
        "      swp1: {address: 10.1.1.1/24, mtu: 4200}\n",
        "      swp1: {address: 10.1.1.1/24, mtu: 4200}\n      swp5: {address: 10.1.5.1/24, mtu: 4200}\n",
    )
    text = text.replace("      swp50: {mtu: 4200}\n", "      swp50: {mtu: 4200}\n      swp51: {mtu: 4200}\n")
    file = folder / "grown.yaml"
    file.write_text(text)
    return file


def small(folder: Path) -> Path:
    """File of a lab with two hosts at one switch, without routing protocol."""
    file = folder / "small.yaml"
    file.write_text(SMALL)
    return file
