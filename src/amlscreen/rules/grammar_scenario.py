"""Shape ``scenario``: a Python function behind a card, for what no other shape can say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from amlscreen.rules import scenario_catalogue
from amlscreen.rules.grammar_rows import AfterHit, unknown_name
from amlscreen.rules.measure import Measure
from amlscreen.rules.scenarios import SIGNATURES, Signature
from amlscreen.rules.words import Conditions, Strict, Unit, Value, When

__all__ = ["Scenario"]

assert scenario_catalogue.SHIPPED  # read for its declarations


class Scenario(Strict):
    """The function registered under a name, told its ``options``; it measures what its signature says."""

    shape: Literal["scenario"]
    function: str
    options: dict[str, Value] = Field({}, description="The function's own settings, by name; each must be given.")
    when: When = When()
    after_hit: AfterHit | None = None

    @property
    def rows(self) -> Mapping[str, Conditions]:
        """No row sets: the function picks its rows."""
        return {}

    @property
    def subjects(self) -> tuple[Literal["account", "customer"], ...]:
        """The kinds of subject: one."""
        return (self.signature.subject,)

    @property
    def by(self) -> tuple[str, ...]:
        """Nothing splits the subject."""
        return ()

    @property
    def repeat(self) -> None:
        """Looked at once."""

    @property
    def for_each(self) -> None:
        """No lines are looked at one by one."""

    @property
    def signature(self) -> Signature:
        """What the function needs, takes and measures."""
        return SIGNATURES[self.function]

    @property
    def made(self) -> Mapping[str, Unit]:
        """What the function measures."""
        return self.signature.measures

    @property
    def measures(self) -> Mapping[str, Measure]:
        """None of its own: the function's are in ``made``."""
        return {}

    @model_validator(mode="after")
    def _names_exist(self) -> Scenario:
        if self.function not in SIGNATURES:
            raise unknown_name(f"there is no scenario '{self.function}'", self.function, SIGNATURES, "scenarios")
        for name in self.options:
            if name not in self.signature.options:
                raise unknown_name(f"option '{name}'", name, self.signature.options, "options of the scenario")
        for name, option in self.signature.options.items():
            if name not in self.options:
                raise ValueError(f"option '{name}' of the scenario is not given: {option.meaning}")
        for name in self.when.names():
            if name not in self.made:
                raise unknown_name(f"`when` names '{name}'", name, self.made, "measures of the scenario")
        return self
