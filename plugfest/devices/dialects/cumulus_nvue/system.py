"""Cumulus NVUE: who the switch is, from JSON.

The user guide shows `system` with `build` as the REST API's answer; 5.12 says product, release and version as well.
"""

from pydantic import Field

from plugfest.devices.dialects import values
from plugfest.devices.dialects.json_output import Wire, read_json
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.physical_records import BoardIdentity
from plugfest.devices.records import DeviceFacts


class _Version(Wire):
    image: str | None = None
    kernel: str | None = None


class _System(Wire):
    build: str | None = None
    """Name and release in one: ``Cumulus Linux 5.6.0``."""
    product: str | None = Field(default=None, alias="product-name")
    release: str | None = Field(default=None, alias="product-release")
    version: _Version = _Version()


class _Platform(Wire):
    model: str = Field(alias="product-name")
    vendor: str | None = Field(default=None, alias="manufacturer")
    serial: str | None = Field(default=None, alias="serial-number")
    mac: str | None = Field(default=None, alias="system-mac")


def system(output: Output) -> tuple[DeviceFacts]:
    """`nv show system -o json`; vendor and model are the hardware's and stand in `nv show platform`."""
    wire = read_json(output, _System)
    product, release = _said(wire.product), _said(wire.release)
    software = f"{product} {release}" if product and release else _said(wire.build)
    if software is None:
        raise output.error("neither 'build' nor 'product-name' with 'product-release' says which software runs")
    details = {"image": _said(wire.version.image), "kernel": _said(wire.version.kernel)}
    return (
        DeviceFacts(
            device=output.device,
            vendor=None,
            model=None,
            chip=None,
            software=software,
            details={name: text for name, text in details.items() if text},
        ),
    )


def platform(output: Output) -> tuple[BoardIdentity]:
    """`nv show platform -o json`."""
    wire = read_json(output, _Platform)
    return (
        BoardIdentity(
            place="system",
            name=_said(wire.model),
            serial=_said(wire.serial),
            mac=_said(wire.mac),
            vendor=_said(wire.vendor),
        ),
    )


def _said(text: str | None) -> str | None:
    return None if not text or values.absent(text) else text


READINGS = (
    Reading(("nv show system -o json",), (Question.VERSION,), system, Evidence.MANUAL),
    Reading(("nv show platform -o json",), (Question.VERSION,), platform, Evidence.NONE),
)
