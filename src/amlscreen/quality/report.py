"""The report as an object: printed, drawn in a notebook, as tables, as plain values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from markupsafe import Markup

from amlscreen.intake.facts import Facts
from amlscreen.quality.finding import SEVERITIES, Finding, Severity

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["QualityReport"]

_FIELDS: list[tuple[str, pa.DataType]] = [
    ("severity", pa.string()),
    ("check", pa.string()),
    ("title", pa.string()),
    ("where", pa.string()),
    ("what", pa.string()),
    ("rows", pa.int64()),
    ("meaning", pa.string()),
    ("action", pa.string()),
    ("blinds", pa.list_(pa.string())),
    ("weakens", pa.list_(pa.string())),
]
_SCHEMA = pa.schema(_FIELDS)
_PAGE = Markup("<div><p><strong>{summary}</strong></p>{table}<p>{left_out}</p></div>")
_TABLE = Markup(
    "<table><thead><tr><th>Severity</th><th>Finding</th><th>Where</th><th>What was seen</th><th>What to do</th>"
    "<th>Rules</th></tr></thead><tbody>{rows}</tbody></table>"
)
_ROW = Markup("<tr><td>{0}</td><td>{1}</td><td>{2}</td><td>{3}</td><td>{4}</td><td>{5}</td></tr>")


@dataclass(frozen=True, slots=True)
class QualityReport:
    """Findings, gravest first, and the columns. ``left_out`` names checks that were not made on this run."""

    findings: tuple[Finding, ...]
    facts: Facts
    rules: int
    left_out: tuple[str, ...] = ()

    def of(self, severity: Severity) -> tuple[Finding, ...]:
        """The findings of one severity."""
        return tuple(one for one in self.findings if one.severity == severity)

    @property
    def counts(self) -> dict[str, int]:
        """Findings by severity, gravest first."""
        counted = Counter(one.severity for one in self.findings)
        return {severity: counted[severity] for severity in SEVERITIES}

    @property
    def blinded(self) -> tuple[str, ...]:
        """Rules that some finding blinds, in order of id."""
        return tuple(sorted({rule for one in self.findings for rule in one.blinds}))

    @property
    def summary(self) -> str:
        """One sentence."""
        if not self.findings:
            return f"No finding on {self.facts.rows:,} transactions."
        counts = self.counts
        told = (
            f"{_number(counts['error'], 'error')}, {_number(counts['warning'], 'warning')}, {counts['info']:,} to know"
        )
        blind = len(self.blinded)
        rules = f"; {blind:,} of {self.rules:,} rules are blind because of them" if blind else ""
        return f"{told}, on {self.facts.rows:,} transactions{rules}."

    @property
    def table(self) -> pa.Table:
        """The findings as an Arrow table."""
        return pa.Table.from_pylist([one.row() for one in self.findings], _SCHEMA)

    @property
    def columns(self) -> pd.DataFrame:
        """Every column of every table: rows, share of empty cells, distinct values, range and an example, masked."""
        return self.facts.columns_table().to_pandas()

    def to_frame(self) -> pd.DataFrame:
        """One row for each finding."""
        return self.table.to_pandas()

    def to_dict(self) -> dict[str, Any]:
        """Everything, for a program."""
        return {
            "summary": self.summary,
            "counts": self.counts,
            "rules": self.rules,
            "blinded": list(self.blinded),
            "left_out": list(self.left_out),
            "findings": [one.row() for one in self.findings],
            "columns": self.facts.columns_table().to_pylist(),
        }

    def __len__(self) -> int:
        return len(self.findings)

    def __str__(self) -> str:
        lines = [self.summary]
        for one in self.findings:
            lines.append(f"{one.severity.upper():<8} {one.title}{f' [{one.where}]' if one.where else ''}: {one.what}")
            lines.append(f"         {one.action}")
            if told := rules_told(one):
                lines.append(f"         {told}")
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = Markup("").join(
            _ROW.format(one.severity, one.title, one.where, one.what, one.action, rules_told(one))
            for one in self.findings
        )
        left_out = f"Not checked on this run: {', '.join(self.left_out)}." if self.left_out else ""
        return str(
            _PAGE.format(
                summary=self.summary, table=_TABLE.format(rows=rows) if self.findings else "", left_out=left_out
            )
        )


def rules_told(one: Finding, most: int = 12) -> str:
    """``Blinds 3 rules: HT-A05, ...; weakens 41.``; empty if it concerns none."""
    parts = []
    for word, rules in (("blinds", one.blinds), ("weakens", one.weakens)):
        if rules:
            more = f" and {len(rules) - most:,} more" if len(rules) > most else ""
            parts.append(f"{word} {_number(len(rules), 'rule')}: {', '.join(rules[:most])}{more}")
    said = "; ".join(parts)
    return f"{said[0].upper()}{said[1:]}." if said else ""


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
