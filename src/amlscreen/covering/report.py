"""The coverage of a rule set on a dataset, as objects, as text, as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from amlscreen.covering.lacking import Lacking, lacking, smallest_openings
from amlscreen.covering.sight import Sight, empty_sets, sights
from amlscreen.following import without_flags, without_lead
from amlscreen.intake.known import Group, known_by_group
from amlscreen.intake.stream import has_clock
from amlscreen.rules.card import Card, in_language
from amlscreen.rules.grammar import Match, duration_microseconds
from amlscreen.rules.needs import needs
from amlscreen.rules.ruleset import RuleSet
from amlscreen.settings import Settings
from amlscreen.shapes.plan import DAY

if TYPE_CHECKING:
    import pandas as pd

    from amlscreen.intake.dataset import Dataset

__all__ = ["Coverage", "Opener", "RuleCoverage", "Status", "coverage"]

Status = Literal["runs", "partly", "blind"]
STATUSES: tuple[Status, ...] = ("runs", "partly", "blind")


@dataclass(frozen=True, slots=True)
class RuleCoverage:
    """One rule on this data. ``opens_with`` are the columns, fewest first, that would open a blind rule."""

    rule_id: str
    title: str
    family: str
    typology: str
    status: Status
    reasons: tuple[str, ...]
    opens_with: tuple[str, ...]
    sights: tuple[Sight, ...]

    def row(self) -> dict[str, Any]:
        """The rule as a row of a table: what is least known stands with it."""
        least = self.sights[0] if self.sights else None
        return {
            "rule_id": self.rule_id,
            "status": self.status,
            "family": self.family,
            "typology": self.typology,
            "title": self.title,
            "reason": "; ".join(self.reasons),
            "opens_with": " + ".join(self.opens_with),
            "least_known": least.need if least else "",
            "known_share": round(least.share, 4) if least else None,
        }


@dataclass(frozen=True, slots=True)
class Opener:
    """Columns the data lacks, and the blind rules that would run with them."""

    columns: tuple[str, ...]
    rules: tuple[str, ...]

    def __str__(self) -> str:
        number = "1 rule" if len(self.rules) == 1 else f"{len(self.rules)} rules"
        columns = [one for one in self.columns if "." in one]
        others = [one for one in self.columns if "." not in one]
        told = [f"mapping {_by_table(columns)}"] * bool(columns) + [f"having {' and '.join(others)}"] * bool(others)
        said = f"{' and '.join(told)} would open {number}: {', '.join(self.rules)}"
        return said[0].upper() + said[1:]


def _by_table(columns: Sequence[str]) -> str:
    """Several columns of one table stand behind its name once."""
    tables: dict[str, list[str]] = {}
    for one in columns:
        table, _, column = one.partition(".")
        tables.setdefault(table, []).append(column)
    parts = [
        f"{table} ({', '.join(names)})" if len(names) > 1 else f"{table}.{names[0]}" for table, names in tables.items()
    ]
    return " and ".join(parts)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every rule on this data, and what would open the blind ones, most telling first."""

    rules: tuple[RuleCoverage, ...]
    openers: tuple[Opener, ...]
    days: int
    has_clock: bool

    def of(self, status: Status) -> tuple[RuleCoverage, ...]:
        """The rules of one status."""
        return tuple(one for one in self.rules if one.status == status)

    def by(self, what: Literal["family", "typology"]) -> list[dict[str, Any]]:
        """How many rules run, partly or not, by family or by typology, in the order of the rules."""
        names = dict.fromkeys(getattr(one, what) for one in self.rules)
        return [{what: name, **{status: self._count(status, what, name) for status in STATUSES}} for name in names]

    def _count(self, status: Status, what: str, name: str) -> int:
        return sum(one.status == status and getattr(one, what) == name for one in self.rules)

    @property
    def summary(self) -> str:
        """One sentence."""
        counts = {status: len(self.of(status)) for status in STATUSES}
        clock = "with clock times" if self.has_clock else "without clock times"
        return (
            f"{counts['runs']} of {len(self.rules)} rules run, {counts['partly']} partly, {counts['blind']} are blind, "
            f"on {self.days} days of data {clock}."
        )

    def __str__(self) -> str:
        return "\n".join([self.summary, *map(str, self.openers)])

    def to_frame(self) -> pd.DataFrame:
        """One row for each rule."""
        import pandas as pd

        return pd.DataFrame([one.row() for one in self.rules])

    def to_dict(self) -> dict[str, Any]:
        """Everything, for a program."""
        return {
            "summary": {status: len(self.of(status)) for status in STATUSES},
            "days": self.days,
            "has_clock": self.has_clock,
            "by_family": self.by("family"),
            "by_typology": self.by("typology"),
            "openers": [{"columns": list(one.columns), "rules": list(one.rules)} for one in self.openers],
            "rules": [one.row() | {"known": [_told(sight) for sight in one.sights]} for one in self.rules],
        }


def _told(sight: Sight) -> dict[str, Any]:
    return {"need": sight.need, "known": sight.known, "rows": sight.rows, "of": sight.of}


def coverage(data: Dataset, rules: RuleSet | None = None, *, settings: Settings | None = None) -> Coverage:
    """What these rules can see on this data, before anything is screened.

    ``rules`` are the shipped stable and test ones unless given. A rule is ``blind`` if nothing of it can be looked at;
    ``partly`` if some of its sweeps cannot, if it looks back further than the data reach, if no transaction can stand
    in one of its row sets, or if something it needs is known for a smaller share of the rows than the card asks for.
    """
    rules = RuleSet.load().select(status=("stable", "test")) if rules is None else rules
    as_of = (settings or data.settings).as_of
    last_day = data.last_complete_day if as_of is None else as_of.toordinal() - 719_163
    days, clock = last_day - data.first_day + 1, has_clock(data)
    lacks = {card.id: lacking(card, data.jurisdiction, data.provided, has_clock=clock, days=days) for card in rules}
    seen = {name for name, one in lacks.items() if not one.is_blind}
    lost = without_flags(rules.cards, seen)
    lost |= without_lead(rules.cards, seen - lost.keys())
    wanted = {need for card in rules if card.id in seen for need in needs(card)}
    groups = known_by_group(data, wanted, last_day=last_day)
    told = tuple(_of_rule(card, lacks[card.id], lost.get(card.id), groups, data, days) for card in rules)
    return Coverage(told, tuple(_openers(lacks)), days, clock)


def _of_rule(
    card: Card, lacks: Lacking, lost: str | None, groups: Sequence[Group], data: Dataset, days: int
) -> RuleCoverage:
    reasons = [*lacks.reasons(), *([lost] if lost else [])]
    blind = lacks.is_blind or lost is not None
    seen: list[Sight] = [] if blind else sights(card, groups, data)
    if not blind:
        reasons += _shortcomings(card, seen, groups, days)
    openings = smallest_openings(lacks) if lacks.is_blind else []
    return RuleCoverage(
        rule_id=card.id,
        title=in_language(card.title, "en"),
        family=card.family,
        typology=card.typology,
        status="blind" if blind else "partly" if reasons else "runs",
        reasons=tuple(reasons),
        opens_with=tuple(sorted(openings[0])) if openings else (),
        sights=tuple(seen),
    )


def _shortcomings(card: Card, seen: Sequence[Sight], groups: Sequence[Group], days: int) -> Iterator[str]:
    """Why a rule that runs sees less than it is meant to."""
    for name in empty_sets(card, groups):
        yield f"no transaction can stand in `{name}`: none is of its direction, channel and kind"
    if (looked := _looks_back(card)) > days:
        yield f"looks back {looked} days, the data reach back {days}"
    if not isinstance(card.detect, Match):  # a reference column such as a minor's guardian is empty for most by nature
        yield from (str(one) for one in seen if one.rows and one.share < card.least_known)


def _looks_back(card: Card) -> int:
    """Days of the longest span the card looks at once."""
    detect: Any = card.detect
    spans = [getattr(detect, "within", None), getattr(getattr(detect, "repeat", None), "within", None)]
    spans += [step.within for step in getattr(detect, "then", ())]
    return max((-(-duration_microseconds(one) // DAY) for one in spans if isinstance(one, str)), default=0)


def _openers(lacks: dict[str, Lacking]) -> Iterator[Opener]:
    """Sets of columns by how many blind rules they open; a set that opens no more than its parts is left out."""
    openings = {name: smallest_openings(one) for name, one in lacks.items() if one.is_blind}
    opened = {
        one: tuple(name for name, ways in openings.items() if any(way <= one for way in ways))
        for one in {way for ways in openings.values() for way in ways}
    }
    kept = [one for one in opened if len(opened[one]) > _opened_by_parts(one, opened)]
    for one in sorted(kept, key=lambda one: (len(one), -len(opened[one]), sorted(one))):
        yield Opener(tuple(sorted(one)), opened[one])


def _opened_by_parts(whole: frozenset[str], opened: dict[frozenset[str], tuple[str, ...]]) -> int:
    parts: Iterable[tuple[str, ...]] = (rules for one, rules in opened.items() if one < whole)
    return len({name for rules in parts for name in rules})
