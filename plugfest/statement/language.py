"""Languages of the statement."""

from enum import StrEnum


class Language(StrEnum):
    """Languages of the statement."""

    ENGLISH = "en"
    CHINESE = "zh"
