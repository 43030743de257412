"""One file of device facts: which devices it speaks of, what is known of them, and who says so."""

from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Annotated, Literal, Self

from pydantic import Field, JsonValue, ValidationError, model_validator

from plugfest.facts.behaviour import NicBehaviour
from plugfest.records import Record

Text = Annotated[str, Field(min_length=1)]


class Standing(StrEnum):
    """How well a fact is known."""

    DOCUMENTED = "documented"
    """The maker says so."""
    MEASURED = "measured"
    """It was seen in a run of this harness."""
    REPORTED = "reported"
    """Others have measured it and published that."""
    UNVERIFIED = "unverified"


class Stated(Record):
    """One fact."""

    value: JsonValue
    source: Text
    """Manual, publication or run that says so."""
    standing: Standing


class Deviation(Record):
    """A way in which the device is known to differ from the standard or from others."""

    id: Text
    says: Text
    source: Text


class Devices(Record):
    """Which devices a sheet speaks of; shell patterns, ``*`` for all."""

    vendor: Text
    model: Text
    firmware: Text = "*"

    def include(self, vendor: str, model: str, firmware: str) -> bool:
        """True if the sheet speaks of this device; case does not matter."""
        pairs = ((vendor, self.vendor), (model, self.model), (firmware, self.firmware))
        return all(fnmatchcase(name.lower(), pattern.lower()) for name, pattern in pairs)

    @property
    def exactness(self) -> int:
        """Letters that are no wildcards: the most exact sheet wins."""
        return sum(character not in "*?" for character in self.vendor + self.model + self.firmware)

    def __str__(self) -> str:
        return f"{self.vendor} {self.model}, firmware {self.firmware}"


class FactSheet(Record):
    """Device facts of one kind of NIC."""

    version: Literal[1]
    """Version of this file format."""
    applies_to: Devices
    facts: dict[str, Stated]
    """By field of `plugfest.facts.behaviour.NicBehaviour`."""
    deviations: tuple[Deviation, ...] = ()

    @model_validator(mode="after")
    def _facts_are_behaviour(self) -> Self:
        unknown = self.facts.keys() - NicBehaviour.model_fields.keys()
        if unknown:
            known = ", ".join(NicBehaviour.model_fields)
            raise ValueError(f"facts: {', '.join(sorted(unknown))} – expected one of {known}")
        try:
            NicBehaviour.model_validate(self._values)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            raise ValueError(f"facts: {'.'.join(map(str, first['loc'])) or 'all together'}: {first['msg']}") from None
        return self

    @property
    def behaviour(self) -> NicBehaviour:
        """The stated values."""
        return NicBehaviour.model_validate(self._values)

    @property
    def _values(self) -> dict[str, JsonValue]:
        return {name: fact.value for name, fact in self.facts.items()}
