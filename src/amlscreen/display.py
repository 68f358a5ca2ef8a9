"""One alert as a notebook shows it: its sentence, how the score adds up, when it happened, where the money went."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
from markupsafe import Markup

from amlscreen.alerts import Alert
from amlscreen.sinks.evidence import AlertEvidence, evidence_of, of_alerts, once_each
from amlscreen.sinks.group_picture import is_group
from amlscreen.sinks.page import reader_of
from amlscreen.sinks.page_alert import PageAlert, in_words
from amlscreen.sinks.screened import Screened
from amlscreen.sinks.standalone import asset
from amlscreen.sinks.wording import points_text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["AlertView"]

_LISTED = 20
_LINES_SHOWN = 6  # of a list; the others unfold
_CARD = Markup(
    '<div class="aml aml-alert"><style>{style}</style>'
    '<div class="aml-head"><span class="aml-band aml-{band}">{band}</span> <strong>{subject}</strong>'
    '<span class="aml-score-of">{score} <small>points, rank {rank}</small></span></div>'
    '<p class="aml-sentence">{summary}</p><p class="aml-facts">{facts}</p>{pictures}{lists}{evidence}</div>'
)
_PICTURE = Markup("<h4>{title}</h4>{picture}")
_LIST = Markup("<h4>{title}</h4>{first}{more}")
_LIST_OF = Markup("<ul>{lines}</ul>")
_MORE = Markup("<details><summary>{number} more</summary>{rest}</details>")
_LINE = Markup("<li>{line}</li>")
_EVIDENCE = Markup(
    '<details><summary>Evidence: {note}</summary><table class="aml-rows"><thead><tr><th>When</th><th>Transaction</th>'
    "<th>In or out</th><th>{currency}</th><th>Channel</th><th>Other side</th><th>Stands for</th></tr></thead>"
    "<tbody>{rows}</tbody></table></details>"
)
_ROW = Markup(
    "<tr><td>{0.when}</td><td>{0.transaction_id}</td><td>{0.way}</td><td>{0.amount}</td><td>{0.channel}</td>"
    "<td>{0.other}</td><td>{0.stands_for}</td></tr>"
)


@dataclass(frozen=True, slots=True)
class AlertView:
    """One alert of a result. In a notebook it draws itself; printed, it is a few plain lines.

    ``alert`` has every field; ``contributions`` and ``evidence`` are pandas tables. Possible victims are masked in what
    is drawn and printed, unless the settings ask for them.
    """

    alert: Alert
    shown: PageAlert
    currency: str
    table: pa.Table

    @classmethod
    def of(cls, result: Screened, alert: Alert) -> AlertView:
        """The view of one alert of a result."""
        reader = reader_of(result)
        table = of_alerts(result.evidence_table, [alert.alert_id])
        groups = [alert.alert_id] if is_group(alert) else []
        evidence = evidence_of(once_each(table), [alert.alert_id], reader.masker, most=_LISTED, groups=groups)
        shown = reader.alert(alert, evidence.get(alert.alert_id, AlertEvidence()))
        return cls(alert, shown, result.jurisdiction.currency, table)

    @property
    def contributions(self) -> pd.DataFrame:
        """The rows of the score: kind, rule_id, points, text. ``points`` add up to ``alert.score``."""
        import pandas as pd

        return pd.DataFrame([dataclasses.asdict(row) for row in self.alert.contributions])

    @property
    def evidence(self) -> pd.DataFrame:
        """Every row behind the alert, columns as in ``evidence.parquet``."""
        return self.table.to_pandas()

    def __repr__(self) -> str:
        alert, shown = self.alert, self.shown
        lines = [
            f"{shown.alert_id}: {shown.subject} at {shown.institution}, {shown.band}, rank {shown.rank}, {shown.span}",
            shown.summary,
            *(f"  {points_text(row.points):>6}  {_named(row.kind, row.rule_id)}" for row in alert.contributions),
            f"  {alert.score:>6,}  score",
            f"Confidence {shown.confidence_text}. Evidence: {shown.evidence_note}.",
        ]
        for title, texts in shown.lists:
            lines += [f"{title}:", *(f"  - {text}" for text in texts)]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        shown = self.shown
        facts = (shown.alert_id, shown.institution, shown.span, f"{shown.amount} {self.currency}", shown.typologies)
        pictures = [
            shown.waterfall,
            *(_PICTURE.format(title=title, picture=picture) for title, picture in self._drawn() if picture),
        ]
        return str(
            _CARD.format(
                style=Markup(asset("pictures.css") + asset("notebook.css")),
                band=shown.band,
                subject=shown.subject,
                score=f"{shown.score:,}",
                rank=shown.rank,
                summary=shown.summary,
                facts=" · ".join((*facts, f"confidence {shown.confidence_text}")),
                pictures=Markup("").join(pictures),
                lists=Markup("").join(_list(title, lines) for title, lines in shown.lists),
                evidence=self._rows(),
            )
        )

    def _drawn(self) -> tuple[tuple[str, Markup], ...]:
        return ("When", self.shown.timeline), (self.shown.flow.title, self.shown.flow.picture)

    def _rows(self) -> Markup:
        rows = Markup("").join(_ROW.format(row) for row in self.shown.evidence)
        return _EVIDENCE.format(note=self.shown.evidence_note, currency=self.currency, rows=rows)


def _named(kind: str, rule_id: str) -> str:
    named = {"rule": "", "counter": "counter-evidence"}.get(kind, in_words(kind))
    return " ".join(part for part in (rule_id, named) if part)


def _list(title: str, lines: tuple[str, ...]) -> Markup:
    first, rest = (_LIST_OF.format(lines=_lines(part)) for part in (lines[:_LINES_SHOWN], lines[_LINES_SHOWN:]))
    unfolds = len(lines) - _LINES_SHOWN
    more = _MORE.format(number=unfolds, rest=rest) if unfolds > 0 else ""
    return _LIST.format(title=title, first=first, more=more)


def _lines(lines: tuple[str, ...]) -> Markup:
    return Markup("").join(_LINE.format(line=line) for line in lines)
