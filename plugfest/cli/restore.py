"""`plugfest lab restore`: take back what killed runs have left in a lab."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from plugfest.inventory.loader import LoadedLab
    from plugfest.reservation.journal import UndoJournal
    from plugfest.reservation.leases import Leases
    from plugfest.sanity.lab_access import LabAccess


def restore(
    lab: Annotated[
        str | None, typer.Option("--lab", help="Name or path of a lab file.", envvar="PLUGFEST_LAB", metavar="LAB")
    ] = None,
    show: Annotated[bool, typer.Option("--show", help="Only list what is pending; touch no device.")] = False,
    forget: Annotated[
        bool, typer.Option("--forget", help="Strike pending changes off because somebody mended the devices by hand.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before forgetting.")] = False,
) -> None:
    """Take back what killed runs have left: changes by their undo journals, programs and files by their tag.

    Runs do this by themselves before anything else; exit status 5 if something resists.
    """
    from plugfest.inventory.loader import load
    from plugfest.reservation.journal import journal_folder, of_living_runs, orphans, unreadable
    from plugfest.reservation.restoring import lab_instance

    loaded = load(lab)
    instance = lab_instance(loaded.lab)
    left = orphans(journal_folder(), instance)
    for sentence in unreadable(journal_folder()):
        typer.echo(sentence)
    for journal in of_living_runs(journal_folder(), instance):
        typer.echo(f"process {journal.owner.pid} still runs and takes back itself:")
        _list(journal)
    for journal in left:
        typer.echo(f"process {journal.owner.pid} was killed and left:")
        _list(journal)
    if forget:
        _forget(left, yes)
    elif not show:
        from plugfest.sanity.lab_access import access_to

        with access_to(loaded, _held(loaded)) as access:
            _restore(access)
    elif not left:
        typer.echo("no killed run has left a change")


def _list(journal: "UndoJournal") -> None:
    for entry, change in journal.pending.items():
        made = journal.made(entry)
        since = f" (since {time.strftime('%Y-%m-%d %H:%M:%S', time.localtime(made))})" if made else ""
        typer.echo(f"  {change.device}: {change.description}{since}")


def _forget(left: "list[UndoJournal]", yes: bool) -> None:
    if left and not yes:
        typer.confirm("Is every one of these changes gone from the devices?", abort=True)
    for journal in left:
        for change in journal.forget():
            typer.echo(f"forgotten: {change.device}: {change.description}")
        journal.close()


def _restore(access: "LabAccess") -> None:
    from plugfest.errors import LabError

    restored = access.restoration.carry_out()
    for change in restored.reverted:
        typer.echo(f"taken back: {change.device}: {change.description}")
    ended, silent = access.end_remnants()
    for line in ended:
        typer.echo(f"ended: {line}")
    for line in silent:
        typer.echo(f"not looked at: {line}")
    if restored.stuck:
        stuck = "\n  ".join(f"{each.change.device}: {each}" for each in restored.stuck)
        raise LabError(
            f"tests that need these devices are broken until it is mended:\n  {stuck}\n"
            "mend it by hand, then: plugfest lab restore --forget"
        )
    _settle(access)
    typer.echo("nothing of killed runs is left" if not silent else "nothing else of killed runs is left")


def _held(loaded: "LoadedLab") -> dict[str, str]:
    """Devices that a run or another person holds now, and who it is: they are not to be disturbed."""
    from plugfest.reservation.claim import Holder, lab_key

    me = Holder.by_hand().person
    with _leases() as leases:
        claims = [each for each in leases.claims(lab_key(loaded.lab)) if each.granted is not None]
    others = (each for each in claims if not (each.by_hand and each.holder.person == me))
    return {device: str(claim) for claim in others for device in claim.needs.devices}


def _settle(access: "LabAccess") -> None:
    """Who reserves the devices next need not be warned any more of what runs from here had left."""
    from plugfest.reservation.claim import home, lab_key

    lab = lab_key(access.devices.lab)
    with _leases() as leases:
        abandoned = [each for each in leases.abandoned(lab) if each.home == home()]
        leases.settle(lab, frozenset(each.device for each in abandoned) - access.held.keys())


@contextmanager
def _leases() -> "Iterator[Leases]":
    from plugfest.history.database import LabDatabase
    from plugfest.reservation.leases import Leases

    database = LabDatabase()
    try:
        yield Leases(database)
    finally:
        database.close()
