"""Where stored device facts and a run's measurements part."""

from enum import StrEnum
from pathlib import Path

from pydantic import JsonValue

from plugfest.facts.behaviour import NicBehaviour
from plugfest.facts.library import FOLDER, sheet_of
from plugfest.facts.of_run import Measured
from plugfest.facts.seen import Identity
from plugfest.records import Record
from plugfest.verdicts.facts import as_stated, in_words, in_words_all


class Agreement(StrEnum):
    """How a stored fact and a measurement compare."""

    SAME = "same"
    DIFFERENT = "different"
    NOT_STATED = "not stated"
    NOT_MEASURED = "not measured"


class Difference(Record):
    """One fact of one kind of NIC."""

    identity: Identity
    fact: str
    stated: str | None
    measured: str | None
    agreement: Agreement


def differences(measured: Measured, folder: Path = FOLDER) -> list[Difference]:
    """Every fact that is stated, measured or both, in the order of `NicBehaviour`."""
    identity = measured.identity
    sheet = sheet_of(identity.vendor, identity.model, identity.firmware, folder)
    stated = sheet.behaviour.model_dump(mode="json", exclude_none=True) if sheet else {}
    return [
        _difference(measured, stated, name)
        for name in NicBehaviour.model_fields
        if name in stated or name in measured.seen.values
    ]


def _difference(measured: Measured, stated: dict[str, JsonValue], name: str) -> Difference:
    values = measured.seen.values.get(name)
    if values is None:
        agreement = Agreement.NOT_MEASURED
    elif name not in stated:
        agreement = Agreement.NOT_STATED
    else:
        agreement = Agreement.SAME if as_stated(name, stated[name], values) else Agreement.DIFFERENT
    return Difference(
        identity=measured.identity,
        fact=name,
        stated=in_words(stated[name]) if name in stated else None,
        measured=in_words_all(values) if values is not None else None,
        agreement=agreement,
    )
