"""The functions behind scenarios, by name; those that are shipped are loaded when the first is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal, TypeVar

from amlscreen.rules.scenario_catalogue import SHIPPED
from amlscreen.rules.scenarios import Option, Signature, declare
from amlscreen.rules.words import Unit
from amlscreen.shapes.scenario_lines import Lines, Seen
from amlscreen.shapes.settled import AfterSweep

__all__ = ["Function", "function_of", "measures", "scenario"]

Options = Mapping[str, Any]
Given = TypeVar("Given", bound=Callable[..., Seen])


@dataclass(frozen=True, slots=True)
class Function:
    """What is called: on the lines of each partition or, where ``gather`` picks pieces there, once on all of them."""

    call: Callable[..., Seen]
    gather: Callable[[Lines, Options], Any] | None

    def piece(self, lines: Lines, options: Options) -> Any:
        """What one partition gives."""
        return self.gather(lines, options) if self.gather else self.call(lines, options)

    def whole(self, pieces: Sequence[Any], bank: AfterSweep, options: Options) -> list[Seen]:
        """What was measured, once every partition gave its piece."""
        return [self.call(pieces, bank, options)] if self.gather else list(pieces)


_FUNCTIONS: dict[str, Function] = {}


def measures(name: str, gather: Callable[[Lines, Options], Any] | None = None) -> Callable[[Given], Given]:
    """Say that a function measures the scenario declared under this name."""

    def keep(function: Given) -> Given:
        _FUNCTIONS[name] = Function(function, gather)
        return function

    return keep


def function_of(name: str) -> Function:
    """The function behind a scenario. ``LookupError`` if it was declared and never given."""
    if name not in _FUNCTIONS and name in {one.name for one in SHIPPED}:
        import_module(f"amlscreen.shapes.scenarios.{name}")
    if name not in _FUNCTIONS:
        raise LookupError(f"scenario '{name}' is declared, but no function measures it")
    return _FUNCTIONS[name]


def scenario(
    name: str,
    *,
    meaning: str,
    subject: Literal["account", "customer"],
    measured: Mapping[str, Unit],
    needs: Sequence[str] = (),
    options: Mapping[str, tuple[Unit, str]] | None = None,
    columns: Sequence[str] = (),
    needs_clock: bool = False,
    gather: Callable[[Lines, Options], Any] | None = None,
) -> Callable[[Given], Given]:
    """Make a function of one's own a scenario that cards can name (``shape: scenario``, ``function: NAME``).

    The function gets :class:`~amlscreen.shapes.scenario_lines.Lines` and the card's options as inside numbers (shares
    in millionths, spans in microseconds) and gives back ``lines.seen(...)``: what ``measured`` names with its units,
    for every subject. Conditions, rows, hits, explanation and why-not are made of that. With ``gather`` that function
    gets the lines instead, and this one is called once, with what it gave for every partition, the whole bank
    (:class:`~amlscreen.shapes.settled.AfterSweep`) and the options. Do this before cards are read.

    ``ValueError`` if the name is taken. ``check_scenario`` in :mod:`amlscreen.scenario_checks` holds it to what every
    scenario must be.
    """
    signature = Signature(
        name=name,
        meaning=meaning,
        subject=subject,
        needs=tuple(needs),
        measures=dict(measured),
        options={one: Option(*given) for one, given in (options or {}).items()},
        columns=tuple(columns),
        needs_clock=needs_clock,
    )
    declare(signature)
    return measures(name, gather)
