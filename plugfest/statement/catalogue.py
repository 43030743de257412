"""The texts of the statement in English and Chinese; what devices and checks say is never translated."""

from functools import cache

from plugfest.quality.document import read_rules
from plugfest.records import Record
from plugfest.reporting.environment import REPOSITORY
from plugfest.statement.language import Language

TEMPLATES = REPOSITORY / "templates" / "statement"


class Text(Record):
    """One text in all languages; ``{name}`` stands for a value."""

    en: str
    zh: str


class _Catalogue(Record):
    texts: dict[str, Text]


class Texts:
    """The texts of one language."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def __call__(self, key: str, **values: object) -> str:
        """The text called `key` with its values; KeyError if there is none."""
        return str(getattr(all_texts()[key], self._language.value)).format(**values)


@cache
def all_texts() -> dict[str, Text]:
    """The catalogue by key."""
    return read_rules(TEMPLATES / "texts.yaml", _Catalogue).texts
