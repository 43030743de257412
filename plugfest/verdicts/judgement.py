"""A judgement: which check looked at which observations, and what it said – enough to judge again without a lab."""

import inspect
from collections.abc import Callable
from importlib import import_module
from typing import Any, get_type_hints

from pydantic import JsonValue, TypeAdapter

from plugfest.errors import UsageError
from plugfest.records import Record
from plugfest.verdicts.verdict import Verdict

Check = Callable[..., Verdict]
"""A pure function from observations to a verdict; its parameters are annotated with types that have a JSON form."""

HOME = "plugfest.verdicts."


class Judgement(Record):
    """One verdict with all it rests on."""

    check: str
    """Where the check lives, such as ``plugfest.verdicts.link:oper_up``."""
    observations: dict[str, JsonValue]
    """What the check was given, by parameter name, in JSON form."""
    verdict: Verdict


def judge(check: Check, *args: Any, **kwargs: Any) -> Judgement:
    """Let `check` look at its observations and keep both."""
    bound = inspect.signature(check).bind(*args, **kwargs)
    bound.apply_defaults()
    adapters = _adapters(check)
    observations = {name: adapters[name].dump_python(value, mode="json") for name, value in bound.arguments.items()}
    name = f"{check.__module__}:{check.__qualname__}"
    return Judgement(check=name, observations=observations, verdict=check(*args, **kwargs))


def judge_again(judgement: Judgement) -> Verdict:
    """What today's check says of the recorded observations.

    UsageError if the check no longer exists; pydantic's ValidationError if it now wants other observations.
    """
    check = _find(judgement.check)
    adapters = _adapters(check)
    arguments = {name: adapters[name].validate_python(value) for name, value in judgement.observations.items()}
    return check(**arguments)


def _adapters(check: Check) -> dict[str, TypeAdapter[Any]]:
    hints = get_type_hints(check)
    return {name: TypeAdapter(hints[name]) for name in inspect.signature(check).parameters}


def _find(name: str) -> Check:
    module, _, function = name.partition(":")
    if not module.startswith(HOME):
        raise UsageError(f"{name} is not a check: checks live under {HOME}")
    check = getattr(import_module(module), function, None)
    if not callable(check):
        raise UsageError(f"there is no check called {name} in this version")
    return check  # type: ignore[no-any-return]
