"""From hits to alerts: points, policy, people protected, and ids that last."""

from __future__ import annotations

from amlscreen.alerting.book import Book
from amlscreen.alerting.judge import Verdict, judge
from amlscreen.alerting.kyc import KycFinding
from amlscreen.alerting.previous import Previous

__all__ = ["Book", "KycFinding", "Previous", "Verdict", "judge"]
