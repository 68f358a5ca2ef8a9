"""How good a bank's data are: named checks with what they mean, what to do, and which rules each problem blinds."""

from amlscreen.quality.checks import CHECKS
from amlscreen.quality.finding import EFFECTS, SEVERITIES, Check, Finding, Seen, Severity
from amlscreen.quality.making import check, findings_of
from amlscreen.quality.report import QualityReport
from amlscreen.quality.touching import Reach

__all__ = [
    "CHECKS",
    "EFFECTS",
    "SEVERITIES",
    "Check",
    "Finding",
    "QualityReport",
    "Reach",
    "Seen",
    "Severity",
    "check",
    "findings_of",
]
