"""amlscreen: flags patterns that sources link to proceeds of human trafficking, for a person to review.

>>> import amlscreen as aml                                            # doctest: +SKIP
>>> data = aml.Dataset.read("exports/2026-03/", mapping="lao_core_v1")   # doctest: +SKIP
>>> result = aml.screen(data)                                          # doctest: +SKIP
>>> result.write("out/")                                               # doctest: +SKIP

It accuses nobody, detects no crime and claims no compliance.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from amlscreen._version import __version__
from amlscreen.errors import (
    AmlScreenError,
    DataError,
    DetectorError,
    EngineError,
    RuleError,
    SettingsError,
    SinkError,
)

if TYPE_CHECKING:
    from amlscreen.alerts import Alert
    from amlscreen.covering import coverage
    from amlscreen.evaluation import evaluate
    from amlscreen.feature_tables import feature_dictionary
    from amlscreen.hits import Hit
    from amlscreen.intake.dataset import Dataset
    from amlscreen.intake.mapping import Mapping
    from amlscreen.jurisdiction import Jurisdiction
    from amlscreen.proposed import propose_mapping
    from amlscreen.quality import check
    from amlscreen.result import Result
    from amlscreen.rules.ruleset import RuleSet
    from amlscreen.scorecard.refit import fit_scorecard
    from amlscreen.screening import screen
    from amlscreen.settings import Settings
    from amlscreen.shapes.scenario_functions import scenario

__all__ = [
    "Alert",
    "AmlScreenError",
    "DataError",
    "Dataset",
    "DetectorError",
    "EngineError",
    "Hit",
    "Jurisdiction",
    "Mapping",
    "Result",
    "RuleError",
    "RuleSet",
    "Settings",
    "SettingsError",
    "SinkError",
    "__version__",
    "check",
    "coverage",
    "evaluate",
    "feature_dictionary",
    "fit_scorecard",
    "propose_mapping",
    "scenario",
    "screen",
]

_LAZY = {
    "Alert": "amlscreen.alerts",
    "Dataset": "amlscreen.intake.dataset",
    "Hit": "amlscreen.hits",
    "Jurisdiction": "amlscreen.jurisdiction",
    "Mapping": "amlscreen.intake.mapping",
    "Result": "amlscreen.result",
    "RuleSet": "amlscreen.rules.ruleset",
    "Settings": "amlscreen.settings",
    "check": "amlscreen.quality",
    "coverage": "amlscreen.covering",
    "evaluate": "amlscreen.evaluation",
    "feature_dictionary": "amlscreen.feature_tables",
    "fit_scorecard": "amlscreen.scorecard.refit",
    "propose_mapping": "amlscreen.proposed",
    "scenario": "amlscreen.shapes.scenario_functions",
    "screen": "amlscreen.screening",
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'amlscreen' has no attribute '{name}'")
    value = getattr(import_module(_LAZY[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
