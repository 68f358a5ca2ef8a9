"""How well a ranking puts the right customers on top, measured against labels."""

from __future__ import annotations

from amlscreen.evaluation.evaluating import evaluate
from amlscreen.evaluation.made import Evaluation

__all__ = ["Evaluation", "evaluate"]
