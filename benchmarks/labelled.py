"""What the shipped rules find in simulated data that others made and labelled.

``python -m benchmarks.labelled FOLDER`` (``make labelled DATA=FOLDER``) looks in FOLDER and below for the sets it
knows, reads each with its shipped mapping, runs every rule over the whole history and prints, for each labelled
pattern, how many instances have a member whom any rule hit, how many have one under alert or protected, which rules
did it, and how many of those ranked first are labelled, beside the base rate. No data comes with the project. Such
sets hold little but amounts and accounts in another country's money, so most rules cannot run there; that is part of
what is reported.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.quality_measure import SHARES

from amlscreen.intake.dataset import Dataset
from amlscreen.result import Result
from amlscreen.screening import screen
from amlscreen.settings import Settings

Truth = dict[str, dict[str, set[str]]]
"""Kind of pattern, then instance, then the accounts in it."""


@dataclass(frozen=True)
class Labelled:
    """A set that is known by a file; ``truth`` reads its labels, which no mapping ever does."""

    name: str
    mapping: str
    known_by: str
    truth: Callable[[Path], Truth]


# The numbers of AMLSim's models.
_MODELS = dict(
    enumerate(("fan_out", "fan_in", "cycle", "bipartite", "stack", "random", "scatter_gather", "gather_scatter"), 1)
)


def _frame(path: Path) -> Any:
    import pandas as pd

    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    return pd.read_excel(path, engine="calamine") if path.suffix == ".xlsx" else pd.read_csv(path, dtype=str)


def _first(folder: Path, pattern: str) -> Any:
    return _frame(min(folder.glob(pattern)))


def _gather(rows: Iterable[tuple[Any, Any, Any]]) -> Truth:
    found: Truth = {}
    for kind, instance, account in rows:
        found.setdefault(str(kind), {}).setdefault(str(instance), set()).add(str(account))
    return found


def _tide(folder: Path) -> Truth:
    rows = _first(folder, "transactions*")
    rows = rows[rows["pattern_id"].notna()]
    sides = (rows[["pattern_type", "pattern_id", side]].itertuples(index=False, name=None) for side in ("src", "dest"))
    return _gather(row for side in sides for row in side)


def _amlgentex(folder: Path) -> Truth:
    rows = _first(folder, "tx_log*")
    rows = rows[rows["isSAR"] == 1]
    kinds = rows["modelType"].map(_MODELS)
    sides = (zip(kinds, rows["patternID"], rows[side], strict=True) for side in ("nameOrig", "nameDest"))
    return _gather(row for side in sides for row in side if int(row[2]) >= 0)


def _amlsim(folder: Path) -> Truth:
    rows = _first(folder, "alert_accounts*")
    return _gather(rows[["alert_type", "alert_id", "acct_id"]].itertuples(index=False, name=None))


def _amlsim_graph(folder: Path) -> Truth:
    rows = _first(folder, "nodes*")
    # The export keeps no numbers of patterns, so each labelled account stands for itself.
    return _gather(("cycle member", one, one) for one in rows[rows["isFraud"] == "1"]["nodeid"])


def _rslasater(folder: Path) -> Truth:
    rows = _frame(folder / "aml_layering.xlsx")
    rows = rows[rows["is_laundering"]]
    return _gather(("layering member", one, one) for one in rows["account_id"].astype(int))


def _amlworld(folder: Path) -> Truth:
    rows = _first(folder, "*_Trans*")
    rows = rows[rows["Is Laundering"] == "1"]
    return _gather(("laundering", number, account) for number, account in enumerate(rows["Account"]))


SETS = (
    Labelled("TIDE", "tide", "patterns.json*", _tide),
    Labelled("AMLGentex", "amlgentex", "tx_log*", _amlgentex),
    Labelled("AMLSim (Python port)", "amlsim", "alert_accounts*", _amlsim),
    Labelled("AMLSim as a graph", "amlsim_graph", "nodes*", _amlsim_graph),
    Labelled("Synthetic_Modeling", "rslasater", "aml_layering.xlsx", _rslasater),
    Labelled("AMLworld", "amlworld", "*_Trans*", _amlworld),
)


def _names(result: Result, owner: Mapping[str, str]) -> tuple[dict[str, set[str]], set[str]]:
    """The rules that hit each customer, and who is under alert or protected."""
    rules: dict[str, set[str]] = {}
    for hit in result.findings.hits:
        names = {hit.subject.id, *hit.customer_ids, *hit.account_ids, *hit.victims}
        for name in names | {one.id for one in hit.members}:
            rules.setdefault(owner.get(name, name), set()).add(hit.rule_id)
    under = {name for one in result.alert_list for name in (one.subject.id, *one.customer_ids, *one.account_ids)}
    under |= {one.customer_id for one in result.protected_list}
    return rules, {owner.get(name, name) for name in under}


def _owners(data: Dataset) -> dict[str, str]:
    """Each account's owner; without customers an account stands for its owner."""
    found = {}
    for name in ("accounts", "holdings"):
        if name in data.tables and "customer_id" in data.tables[name].column_names:
            for row in data.tables[name].select(["account_id", "customer_id"]).to_pylist():
                if row["customer_id"]:
                    found.setdefault(row["account_id"], row["customer_id"])
    return found


def report(one: Labelled, folder: Path, most_quarantined: float) -> Iterable[str]:
    """The lines about one set."""
    # Patterns lie anywhere in these histories, so every episode may alert.
    settings = Settings(alert_days=3_650, most_quarantined=most_quarantined)
    with Dataset.read(folder, one.mapping, "generic", settings) as data:
        result = screen(data, settings=settings)
        owner = _owners(data)
        rows = data.rows_accepted
    truth = one.truth(folder)
    rules, under = _names(result, owner)
    ran = sum(outcome.status == "ran" for outcome in result.outcomes)
    yield f"{one.name} ({one.mapping}): {rows:,} bookings; {ran} of {len(result.outcomes)} rules could run"
    guilty = {
        owner.get(account, account) for kind in truth.values() for members in kind.values() for account in members
    }
    yield from _patterns(truth, owner, rules, under)
    yield from _top(result, owner, guilty)


def _patterns(truth: Truth, owner: Mapping[str, str], rules: Mapping[str, set[str]], under: set[str]) -> Iterable[str]:
    yield "  pattern                     instances   any hit   members hit   under alert   by (instances)"
    for kind, instances in sorted(truth.items()):
        people = [{owner.get(account, account) for account in members} for members in instances.values()]
        hit = [group for group in people if any(one in rules for one in group)]
        members = [one in rules for group in people for one in group]
        by = Counter(rule for group in people for rule in {rule for one in group for rule in rules.get(one, ())})
        yield (
            f"  {kind:28}{len(people):>9}{len(hit) / len(people):>10.0%}{sum(members) / len(members):>14.0%}"
            f"{sum(bool(group & under) for group in people) / len(people):>14.0%}   "
            + ", ".join(f"{rule} {count}" for rule, count in by.most_common(4))
        )


def _top(result: Result, owner: Mapping[str, str], guilty: set[str]) -> Iterable[str]:
    order: dict[str, int] = {}
    everybody = set(owner.values())
    for row in result.ranked_table.select(["customer_id", "subject_id", "subject_kind", "score"]).to_pylist():
        if row["subject_kind"] in ("customer", "account"):
            name = row["customer_id"] or owner.get(row["subject_id"], row["subject_id"])
            everybody.add(name)
            order.setdefault(name, row["score"])
    ranked = [name for name, score in order.items() if score > 0]
    base = len(guilty & everybody) / len(everybody)
    yield f"  base rate {base:.1%} of {len(everybody):,} holders; {len(ranked):,} have any points"
    for per_mille in SHARES:
        top = ranked[: max(len(everybody) * per_mille // 1000, 1)]
        right = len(set(top) & guilty)
        yield f"  of the first {per_mille / 10:g} % ({len(top)}): {right / max(len(top), 1):.0%} labelled"


def main() -> int:
    """Print what is found in every set that stands in the folder; 1 if there is none."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    chosen = parser.parse_args()
    seen = False
    for folder in sorted([chosen.folder, *(path for path in chosen.folder.rglob("*") if path.is_dir())]):
        for one in SETS:
            if any(folder.glob(one.known_by)):
                seen = True
                # A few rows in currencies without a rate are no reason to see nothing of a small extract.
                print(
                    "\n".join(report(one, folder, 0.5 if one.mapping == "amlworld" else 0.02)), end="\n\n", flush=True
                )
    if not seen:
        print(f"No set is known in {chosen.folder}; known are {', '.join(one.name for one in SETS)}.")
    return 0 if seen else 1


if __name__ == "__main__":
    raise SystemExit(main())
