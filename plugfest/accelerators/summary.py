"""Accelerators of a host in a few words, for the report's environment."""

from collections import Counter
from collections.abc import Iterable

from plugfest.accelerators.records import Accelerator


def versions(accelerators: Iterable[Accelerator]) -> dict[str, str]:
    """Models with their number, drivers and firmware; several of them side by side, so that a mixture is seen."""
    known = tuple(accelerators)
    models = Counter(each.model or "accelerator of unknown model" for each in known)
    words = {
        "accelerators": ", ".join(f"{count}x {model}" for model, count in models.items()) or "none",
        "accelerator driver": _several(each.driver for each in known),
        "accelerator firmware": _several(each.firmware for each in known),
    }
    return {name: text for name, text in words.items() if text}


def _several(texts: Iterable[str | None]) -> str:
    return ", ".join(dict.fromkeys(text for text in texts if text))
