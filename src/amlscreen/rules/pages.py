"""The rule catalogue, ``docs/rules.md``: written from the cards, so that it cannot drift from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from amlscreen.rules.card import FAMILIES, in_language
from amlscreen.rules.columns import RULE_COLUMNS, TABLE_COLUMNS
from amlscreen.rules.entry import Entry, entries, family_title, rules_by_need
from amlscreen.rules.indicators import REASONS, Indicators, read_indicators
from amlscreen.rules.lint.finding import CHECKS
from amlscreen.rules.ruleset import RuleSet
from amlscreen.rules.typology import Typology, load_typologies
from amlscreen.schema import TABLES
from amlscreen.shipped import shipped_folder

__all__ = ["Catalogue"]

_INTRODUCTION = """\
# The rules

Written by `amlscreen rules docs` from the cards in `rules/`; with `--format html -o rules.html` it is a page to search.
A rule flags a pattern for a person to review; it says nothing about guilt. Every number below is a parameter and a
starting point, to be tuned on a bank's own data. How a card is written: [writing_rules.md](writing_rules.md).
"""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What a catalogue is made of: rules, the indicators that have none, and the stories the rules belong to."""

    rules: RuleSet
    listed: Indicators | None = None
    stories: tuple[Typology, ...] = ()
    language: str = "en"

    @classmethod
    def of(cls, path: Path | None = None) -> Catalogue:
        """The catalogue of a rule file or folder; without a path, of what is shipped, stories included."""
        folder = shipped_folder("rules") if path is None else path
        listed = read_indicators(folder) if folder.is_dir() else None
        return cls(RuleSet.load(folder), listed, load_typologies() if path is None else ())

    def markdown(self) -> str:
        """Contents in three orders, then a section for each card."""
        every = entries(self.rules, self.language)
        lines = [_INTRODUCTION, *_contents(every, self)]
        for family in FAMILIES.values():
            mine = [one for one in every if one.family == family]
            if mine:
                lines += ["", f"## {family_title(family)}"]
            for one in mine:
                lines += _section(one)
        return "\n".join([*lines, *_not_covered(self.listed), *_columns(), *_checks()]) + "\n"


def _contents(every: Sequence[Entry], made_of: Catalogue) -> Iterator[str]:
    yield f"{len(every)} rules. Contents: [by family](#by-family), [by typology](#by-typology),"
    told = "[by data needed](#by-data-needed)"
    told += ", [what goes together](#what-goes-together)" if made_of.stories else ""
    told += ",\n[not covered](#not-covered)" if made_of.listed else ""
    yield f"{told}, [columns](#columns-a-card-may-name), [what a card is held to](#what-every-card-is-held-to)."
    yield from ("", "## By family", "", "| rule | title | status | severity | shape |", "|---|---|---|---|---|")
    for one in sorted(every, key=lambda one: (list(FAMILIES.values()).index(one.family), one.rule_id)):
        yield f"| {_link(one.rule_id)} | {_cell(one.title)} | {one.status} | {one.severity} | {one.shape} |"
    yield from ("", "## By typology", "", "| typology | rules |", "|---|---|")
    for typology in sorted({one.typology for one in every}):
        yield f"| `{typology}` | {', '.join(_link(one.rule_id) for one in every if one.typology == typology)} |"
    yield from _by_need(every)
    yield from _stories(made_of.stories, {one.rule_id for one in every}, made_of.language)


def _by_need(every: Sequence[Entry]) -> Iterator[str]:
    yield from ("", "## By data needed", "", "Without the column, or one of several, these rules do not run.", "")
    yield from ("| column | rules | |", "|---|---|---|")
    for need, ids in rules_by_need(every).items():
        yield f"| {_need(need)} | {len(ids)} | {', '.join(map(_link, ids))} |"


def _stories(stories: Sequence[Typology], known: set[str], language: str) -> Iterator[str]:
    if not stories:
        return
    yield from ("", "## What goes together", "")
    yield "An alert names the story it looks most like, and which parts of it were looked for and not seen."
    for story in stories:
        yield from ("", f"### {in_language(story.title, language)}", "", in_language(story.story, language).strip(), "")
        for part in story.parts:
            rules = ", ".join(_link(one) if one in known else one for one in part.rules)
            yield f"- {in_language(part.title, language)}{' (must be seen)' if part.core else ''}: {rules}"


def _section(one: Entry) -> Iterator[str]:
    yield from ("", f"### {one.rule_id}", "", f"**{one.title}**", "", one.facts)
    for text in (one.description, one.rationale):
        yield from ("", text)
    yield from ("", "What it looks for:", "", one.said.opening)
    yield from (f"- `{name}`: {text}" for name, text in one.said.parts)
    if one.said.when:
        yield from ("", "It hits when", *(f"- {text}" for text in one.said.when))
    if one.said.besides:
        yield from ("", *(f"- {text}" for text in one.said.besides))
    if one.parameters:
        yield from ("", "| parameter | value | meaning |", "|---|---|---|")
        for name, value, meaning in one.parameters:
            yield f"| `{name}` | {_cell(value)} | {_cell(meaning)} |"
    yield from _list("Also innocent", one.false_positives)
    yield from _list("Does not see", one.blind_spots)
    yield from _list("Next steps at the desk", one.next_steps)
    yield from ("", "```yaml", one.written, "```", "")
    yield f"Needs: {', '.join(map(_need, one.needs)) or 'nothing but transactions'}."
    yield from ("", f"Says: {one.explain}")
    yield from _list("Proved by", one.proofs)
    yield from _list("Sources", one.sources)


def _not_covered(listed: Indicators | None) -> Iterator[str]:
    if listed is None:
        return
    yield from ("", "## Not covered", "")
    yield f"Of the {len(listed.ids)} indicators the rules were written against, {len(listed.not_covered)} have no card."
    yield from ("", "| indicator | | reason |", "|---|---|---|")
    for name, one in listed.not_covered.items():
        yield f"| {name} | {_cell(one.title)} | {_cell(one.because or REASONS[one.reason])} |"


def _columns() -> Iterator[str]:
    yield from ("", "## Columns a card may name", "")
    yield "Those of the canonical tables (see the data dictionary), but for the parts of `counterparty`, and:"
    yield from ("", "| of | column | kind | meaning |", "|---|---|---|---|")
    derived = {"transactions": RULE_COLUMNS, **TABLE_COLUMNS}
    for table, columns in derived.items():
        given = set(TABLES[table].names)
        for column in columns.values():
            if column.name not in given:
                yield f"| {table} | `{column.name}` | {column.kind} | {_cell(column.meaning)} |"


def _checks() -> Iterator[str]:
    yield from ("", "## What every card is held to", "", "| check | level | |", "|---|---|---|")
    for name, check in CHECKS.items():
        yield f"| `{name}` | {check.level} | {check.meaning} |"


def _list(heading: str, texts: Sequence[str]) -> Iterator[str]:
    yield from ("", f"{heading}:", *(f"- {text}" for text in texts))


def _link(rule_id: str) -> str:
    return f"[{rule_id}](#{rule_id.lower()})"


def _need(need: str) -> str:
    return f"`{need}`".replace("|", "` or `")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
