"""The kinds of text and number that a lab file holds, each with its bounds.

Names end up in file names, test ids and command lines: the patterns keep shell metacharacters, path traversal, control
characters and look-alike letters out.  Errors say what was expected, what was found – what to do.
"""

import ipaddress
import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field

NAME_PATTERN = r"^[A-Za-z][A-Za-z0-9_.-]{0,62}$"
PORT_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_./:-]{0,62}$"
ADDRESS_PATTERN = r"^[A-Za-z0-9:][A-Za-z0-9.:-]{0,253}$"
USER_PATTERN = r"^[A-Za-z_][A-Za-z0-9_.@-]{0,63}$"
VARIABLE_PATTERN = r"^[A-Za-z_][A-Za-z0-9_]{0,127}$"
RDMA_DEVICE_PATTERN = r"^[A-Za-z][A-Za-z0-9_-]{0,62}$"
SPEED_PATTERN = r"^[1-9][0-9]{0,5}(\.[0-9]{1,3})?[MGT]$"
LINK_PATTERN = re.compile(
    r"\s*(?P<a>[\w.-]+):(?P<a_port>[\w./:-]+)\s+<->\s+(?P<b>[\w.-]+):(?P<b_port>[\w./:-]+)\s*", re.ASCII
)
_LONGEST_TEXT = 200
_LONGEST_PROSE = 2000
_HIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Unicode categories of letters that nobody sees but a terminal or a report may obey."""


def _no_traversal(text: str) -> str:
    if ".." in text or "//" in text:
        raise ValueError(
            f"expected a port name, found {text!r} with '..' or '//' in it – write the name the device shows"
        )
    return text


def _printable(text: str) -> str:
    _without_hidden_letters(text)
    if not text.strip():
        raise ValueError("expected a text, found an empty one – write it or leave the key out")
    return text


def _prose(text: str) -> str:
    _without_hidden_letters(text.replace("\n", " "))
    return text


def _without_hidden_letters(text: str) -> None:
    hidden = [letter for letter in text if unicodedata.category(letter) in _HIDDEN]
    if hidden:
        raise ValueError(f"expected printable text, found {hidden[0]!a} in it – remove that character")


def _interface_address(text: str) -> str:
    example = "expected ADDRESS/PREFIX such as 10.1.1.2/24"
    try:
        address = ipaddress.ip_interface(text)
    except ValueError:
        raise ValueError(f"{example}, found {text!r} – correct the address") from None
    if "/" not in text or "%" in text:
        raise ValueError(f"{example}, found {text!r} – write the length of the prefix, without a zone")
    roomy = address.network.prefixlen < address.network.max_prefixlen - 1
    if roomy and address.ip in (address.network.network_address, address.network.broadcast_address):
        raise ValueError(
            f"{example}, found {text!r}, which names the whole subnet – give the port an address inside it"
        )
    return text


def _ip_address(text: str) -> str:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        raise ValueError(f"expected an IP address such as 10.1.1.1, found {text!r} – correct the address") from None
    return text


def _router_id(text: str) -> str:
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        raise ValueError(f"expected four numbers such as 10.0.0.1, found {text!r} – correct the router id") from None
    return text


Name = Annotated[str, Field(pattern=NAME_PATTERN)]
PortName = Annotated[str, Field(pattern=PORT_PATTERN), AfterValidator(_no_traversal)]
Text = Annotated[str, Field(max_length=_LONGEST_TEXT), AfterValidator(_printable)]
Prose = Annotated[str, Field(max_length=_LONGEST_PROSE), AfterValidator(_prose)]
InterfaceAddress = Annotated[str, AfterValidator(_interface_address)]
IpAddress = Annotated[str, AfterValidator(_ip_address)]
RouterId = Annotated[str, AfterValidator(_router_id)]
Asn = Annotated[int, Field(ge=1, le=4_294_967_295)]
Mtu = Annotated[int, Field(ge=68, le=65_535)]
Speed = Annotated[str, Field(pattern=SPEED_PATTERN)]
