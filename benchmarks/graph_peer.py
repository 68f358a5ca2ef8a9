"""IBM's Graph Feature Preprocessor on streams in files, run by an interpreter that has ``snapml``.

    PEERS/bin/python -m benchmarks.graph_peer STREAMS.npz ANSWERS.npz

``snapml`` is proprietary and never a dependency of the package. A stream is an array of rows (payer, payee, time,
amount) with parameters as JSON; the answer is its features and how many seconds, on the wall and of all processors,
``transform`` took over its batches.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np

__all__ = ["main"]

_OFF = {"vertex_stats": False, "fan": False, "degree": False, "scatter-gather": False, "temp-cycle": False}


def main(asked: str, answers: str) -> None:
    """Answer every stream of one file into another; ``features_N`` is left out where ``sum`` is asked for."""
    told: dict[str, object] = {}
    with np.load(asked) as streams:
        for name in streams.files:
            if name.startswith("rows_"):
                number = name.removeprefix("rows_")
                settings = json.loads(str(streams[f"settings_{number}"]))
                features, seconds = _features(streams[name], settings)
                told[f"seconds_{number}"] = seconds
                told[f"features_{number}"] = features if settings["told"] == "features" else features.sum()
    with Path(answers).open("wb") as file:
        np.savez(file, **told)


def _features(rows: np.ndarray, settings: dict) -> tuple[np.ndarray, np.ndarray]:
    from snapml import GraphFeaturePreprocessor

    maker = GraphFeaturePreprocessor()
    maker.set_params({**_OFF, "lc-cycle": False, **settings["parameters"]})
    edges = np.column_stack([np.arange(len(rows)), rows]).astype(np.float64)
    size = settings["batch"] or len(edges)
    begun, worked = time.perf_counter(), time.process_time()
    parts = [maker.transform(edges[at : at + size]) for at in range(0, len(edges), size)]
    seconds = np.array([time.perf_counter() - begun, time.process_time() - worked])
    return np.vstack(parts)[:, edges.shape[1] :], seconds


if __name__ == "__main__":
    main(*sys.argv[1:])
