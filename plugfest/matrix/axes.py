"""The axes of the matrix: what a row or a column can stand for."""

from enum import StrEnum


class Axis(StrEnum):
    """A property of every result; the names are columns of the result table."""

    NIC = "nic"
    NIC_FIRMWARE = "nic_firmware"
    ACCELERATOR = "accelerator"
    SWITCH = "switch"
    NOS = "nos"
    MEDIUM = "medium"
    PEER = "peer"
    PEER_FIRMWARE = "peer_firmware"
    CELL = "cell"
    SUITE = "suite"
    CASE = "case"


AXIS_TITLES = {
    Axis.NIC: "NIC",
    Axis.NIC_FIRMWARE: "NIC firmware",
    Axis.ACCELERATOR: "accelerator",
    Axis.SWITCH: "switch chip",
    Axis.NOS: "NOS version",
    Axis.MEDIUM: "medium",
    Axis.PEER: "peer NIC",
    Axis.PEER_FIRMWARE: "peer firmware",
    Axis.CELL: "devices under test",
    Axis.SUITE: "suite",
    Axis.CASE: "case",
}
"""What people call them."""
