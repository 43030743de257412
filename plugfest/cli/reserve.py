"""`plugfest reserve`, `plugfest release` and `plugfest who`."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from plugfest.inventory.models import Lab
    from plugfest.reservation.claim import Abandoned, Claim
    from plugfest.reservation.leases import Leases

LabOption = Annotated[
    str | None, typer.Option("--lab", help="Name or path of a lab file; default: embedded.", envvar="PLUGFEST_LAB")
]
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def reserve(
    devices: Annotated[list[str], typer.Argument(help="Devices, such as h1 leaf1: all of them or none.")],
    lab: LabOption = None,
    shared: Annotated[
        bool, typer.Option("--shared", help="Others may share the devices, but not change them.")
    ] = False,
    duration: Annotated[str, typer.Option("--for", metavar="TIME", help="How long, such as 45m, 2h or 1d12h.")] = "2h",
    reason: Annotated[str, typer.Option(help="Why, for those who find the devices taken.")] = "reserved by hand",
    wait: Annotated[float, typer.Option(min=0, metavar="SECONDS", help="Wait so long for them.")] = 0,
) -> None:
    """Reserve devices for yourself: runs and reservations of other people keep off until you release them.

    Your own pytest runs may use what you have reserved.  To reserve a device again sets a new end.
    """
    from plugfest.reservation.claim import Holder, lab_key
    from plugfest.reservation.needs import Needs

    loaded = _loaded(lab)
    named = _known(loaded, devices)
    needs = Needs(shared=named) if shared else Needs(exclusive=named)
    with _leases() as leases:
        grant = leases.acquire(
            lab_key(loaded), Holder.by_hand(), needs, reason, seconds=_seconds(duration), patience=wait, tell=_wait_for
        )
    typer.echo(f"{', '.join(sorted(named))}: {grant.claim}")
    for each in grant.abandoned:
        typer.echo(f"BEWARE: {each}")


def release(
    devices: Annotated[list[str] | None, typer.Argument(help="Devices.")] = None,
    lab: LabOption = None,
    everything: Annotated[bool, typer.Option("--all", help="All that you have reserved in this lab.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Also what others have reserved, and what runs hold: those runs end broken.")
    ] = False,
    mended: Annotated[
        bool,
        typer.Option(
            "--mended", help="Forget that a killed run left these devices changed: you have put them back by hand."
        ),
    ] = False,
) -> None:
    """Give back what you have reserved."""
    from plugfest.errors import UsageError
    from plugfest.reservation.claim import Holder, lab_key

    if bool(devices) == everything:
        raise UsageError("name the devices, or say --all")
    loaded = _loaded(lab)
    named = None if everything else _known(loaded, devices or [])
    with _leases() as leases:
        released = leases.release_by_name(lab_key(loaded), named, None if force else Holder.by_hand().person)
        if mended:
            leases.settle(lab_key(loaded), frozenset(loaded.devices) if named is None else named)
    for claim in released:
        typer.echo(f"released {', '.join(sorted(claim.needs.devices))}: {claim}")
    if not released and not mended:
        raise UsageError("you have reserved none of that by hand; `plugfest who` shows who holds what")


def who(
    lab: Annotated[str | None, typer.Option("--lab", help="Only this lab: name or path; default: all labs.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show who holds which devices since when, until when and why, and who waits for them."""
    from plugfest.reservation.claim import lab_key

    key = lab_key(_loaded(lab)) if lab else None
    with _leases() as leases:
        claims, abandoned = leases.claims(key), leases.abandoned(key)
    if as_json:
        document = {
            "claims": [claim.model_dump(mode="json") for claim in claims],
            "abandoned": [each.model_dump(mode="json") for each in abandoned],
        }
        typer.echo(json.dumps(document, indent=1))
    else:
        _print(claims, abandoned)


def _print(claims: "list[Claim]", abandoned: "list[Abandoned]") -> None:
    if not claims and not abandoned:
        typer.echo("nobody holds a device")
    for lab in dict.fromkeys(claim.lab for claim in claims):
        typer.echo(f"lab {lab}")
        for claim in claims:
            if claim.lab == lab:
                typer.echo(f"  {claim.needs}: {claim}")
    for each in abandoned:
        typer.echo(str(each))


@contextmanager
def _leases() -> "Iterator[Leases]":
    from plugfest.history.database import LabDatabase
    from plugfest.reservation.leases import Leases

    database = LabDatabase()
    try:
        yield Leases(database)
    finally:
        database.close()


def _loaded(name: str | None) -> "Lab":
    from plugfest.inventory.loader import load

    return load(name).lab


def _known(lab: "Lab", names: list[str]) -> frozenset[str]:
    from plugfest.errors import UsageError

    for name in names:
        if name not in lab.devices:
            raise UsageError(f"lab {lab.name} has no device {name!r}; it has {', '.join(lab.devices)}")
    return frozenset(names)


def _seconds(text: str) -> float:
    """Length of a time such as 1d12h; UsageError if it is none."""
    from plugfest.errors import UsageError

    parts = re.findall(r"(\d+)([smhd])", text)
    seconds = sum(int(number) * UNITS[unit] for number, unit in parts)
    if "".join(number + unit for number, unit in parts) != text or not seconds:
        raise UsageError(f"--for: expected a time such as 45m, 2h or 1d12h, got {text!r}")
    return seconds


def _wait_for(why: str) -> None:
    typer.echo(f"waiting: {why}", err=True)
