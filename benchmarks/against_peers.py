"""Our ranking beside those of others, on labelled sets and on the synthetic bank, with one split for all.

``python -m benchmarks.against_peers FOLDER`` (``make bench-quality DATA=FOLDER``) reads the sets it knows below FOLDER,
lets every competitor rank the holders and prints how well the labelled ones come first. Sets of others are split in
time: the first half of the days is learnt from, the second judged, and whoever is labelled in the first is not judged
again. The synthetic bank is split by seed. Nothing of ours is tuned on a judged part.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.page import put_between
from benchmarks.peers_book import Book, Floats, Split
from benchmarks.peers_judge import Figures, figures, mean_of
from benchmarks.peers_models import forest, graph_features, learner, lightgbm, totals, xgboost
from benchmarks.peers_ours import ranking, refitted, state_of_the_code
from benchmarks.peers_sets import bank_split, splits_in
from benchmarks.peers_table import table

from amlscreen.errors import SettingsError

SEEDS = (1, 2, 3, 4, 5)
LEARNT, JUDGED = 7, (101, 102)


class Kept:
    """Scores and features that were made before, by name; they are made anew if their file is taken away."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder

    def __call__(self, name: str, make: Callable[[], Any]) -> Any:
        """What is kept under the name, or what ``make`` gives, which is then kept."""
        path = self.folder / f"{name.replace(' ', '_').replace(',', '')}.npy"
        if not path.exists():
            began = time.monotonic()
            np.save(path, make())
            print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        return np.load(path, mmap_mode="r")


def rankings(split: Split, interpreter: Path, kept: Kept) -> Iterable[tuple[str, list[list[Floats]]]]:
    """Each competitor's scores: for each judged part, one ranking for each seed it has."""
    state = state_of_the_code()

    def per_part(name: str, make: Callable[[int], Floats]) -> list[list[Floats]]:
        parts = range(len(split.tests))
        return [[kept(f"{split.tests[part].book.name} {name}", lambda part=part: make(part))] for part in parts]

    def learnt(name: str, *given: Any) -> list[list[Floats]]:
        scores = None

        def one(part: int) -> Floats:
            nonlocal scores
            scores = learner(split, *given) if scores is None else scores
            return scores[part]

        return per_part(name, one)

    def with_graph(book: Book, rows: Any) -> Floats:
        made = kept(f"{book.name} graph", lambda: graph_features(book, interpreter))
        return np.column_stack([book.raw[rows].astype(np.float32), made[rows]])

    for name, only_judged in (("forest", False), ("forest, judged days", True)):
        yield name, [[forest(totals(one, only_judged=only_judged), seed) for seed in SEEDS] for one in split.tests]
    yield "ours", per_part(f"ours {state}", lambda part: ranking(split.tests[part]))
    yield "LightGBM", learnt("lightgbm", _raw, lightgbm)
    yield "XGBoost", learnt("xgboost", _raw, xgboost(interpreter))
    yield "XGBoost, IBM graph", learnt("xgboost_graph", with_graph, xgboost(interpreter))
    for name, features in (("scorecard", False), ("scorecard, features", True)):
        fit = partial(refitted, split, kept.folder, features=features)
        try:
            yield name, [[one] for one in kept(f"{split.name} {name} {state}", lambda fit=fit: np.vstack(fit()))]
        except SettingsError as problem:
            print(f"{split.name}, {name}: {problem}", file=sys.stderr)


def _raw(book: Book, rows: Any) -> Floats:
    return book.raw[rows]


def measured(split: Split, interpreter: Path, kept: Kept) -> dict[str, Figures]:
    """The figures of every competitor on one split: the mean over judged parts and seeds."""
    share = float(split.train.positive[split.train.judged].mean())
    return {
        name: mean_of(
            [figures(one, part, share) for part, several in zip(split.tests, scores, strict=True) for one in several]
        )
        for name, scores in rankings(split, interpreter, kept)
    }


def main() -> int:
    """Print the table, and write it into the page if one is given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--python", type=Path, required=True, help="The interpreter that has snapml and xgboost.")
    parser.add_argument(
        "--kept", type=Path, default=Path("bench/peers"), help="Where scores are kept for the next time."
    )
    parser.add_argument("--customers", type=int, default=4_000, help="Of each synthetic bank; 0 leaves it out.")
    parser.add_argument("--days", type=int, default=212)
    parser.add_argument("--page", type=Path, help="Write the table into this page, between its two marks.")
    chosen = parser.parse_args()
    kept = Kept(chosen.kept)
    found = [(split, measured(split, chosen.python, kept)) for split in splits_in(chosen.folder)]
    if chosen.customers:
        split = bank_split(chosen.customers, chosen.days, LEARNT, JUDGED)
        found.append((split, measured(split, chosen.python, kept)))
    text = table(found)
    print(text)
    if chosen.page:
        put_between(chosen.page, text, "make bench-quality")
    return 0 if found else 1


if __name__ == "__main__":
    raise SystemExit(main())
