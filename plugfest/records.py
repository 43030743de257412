"""The base of every typed record: frozen, strict about unknown fields, printable as JSON for the evidence."""

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """A frozen observation or fact.  ``None`` in a counter field means *unmeasured*, never zero."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, ser_json_inf_nan="strings")
