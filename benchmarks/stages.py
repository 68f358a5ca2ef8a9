"""Where a run's time goes, read off the progress it tells: the time from a stage's first line to the next stage's."""

from __future__ import annotations

import json

from benchmarks.child import Cost

__all__ = ["STAGES", "stages"]

STAGES = ("start", "read and conform", "sort and sweep", "judge", "write")
_STAGE = {
    "reading": "read and conform",
    "conforming": "read and conform",
    "settling": "read and conform",
    "sorting": "sort and sweep",
    "sweeping rules": "sort and sweep",
    "judging hits": "judge",
    "writing results": "write",
}


def stages(cost: Cost) -> dict[str, float]:
    """Seconds of each stage of a run with JSON log lines; ``start`` is what comes before the first line."""
    seconds = dict.fromkeys(STAGES, 0.0)
    stage, since = "start", 0.0
    for at, line in cost.log:
        told = json.loads(line) if line.startswith("{") else {}
        if told.get("event") == "progress":
            seconds[stage] += at - since
            stage, since = _STAGE.get(told["stage"], stage), at
    seconds[stage] += cost.wall - since
    return seconds
