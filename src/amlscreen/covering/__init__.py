"""What the rules can see on one bank's data: what runs, what runs on little, what is blind, and what would open it."""

from amlscreen.covering.lacking import Lacking, lacking, smallest_openings
from amlscreen.covering.report import Coverage, Opener, RuleCoverage, coverage
from amlscreen.covering.sight import Sight, sights

__all__ = [
    "Coverage",
    "Lacking",
    "Opener",
    "RuleCoverage",
    "Sight",
    "coverage",
    "lacking",
    "sights",
    "smallest_openings",
]
