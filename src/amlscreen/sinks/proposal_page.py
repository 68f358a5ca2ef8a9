"""The proposal of a mapping as a notebook draws it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from amlscreen.intake.proposing.preview import FilePreview
from amlscreen.intake.proposing.proposal import Doubt, FileProposal, Proposal
from amlscreen.intake.proposing.side_by_side import Line, asides, lines, proposed_for
from amlscreen.sinks.proposal_text import count_text
from amlscreen.sinks.standalone import asset

__all__ = ["proposal_html"]

_CARD = Markup(
    '<div class="aml aml-alert aml-proposal"><style>{style}</style>'
    '<div class="aml-head"><strong>A mapping for {files}</strong><span class="aml-score-of">{unsure}</span></div>'
    "{doubts}{how}{sections}{refused}</div>"
)
_SECTION = Markup('<h4>{name} as {table}</h4><p class="aml-facts">{facts}</p>{columns}{asides}{totals}{warnings}')
_TABLE = Markup('<table class="aml-rows"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>')
_HEAD = Markup("<th>{text}</th>")
_ROW = Markup('<tr class="{kind}">{cells}</tr>')
_CELL = Markup("<td>{text}</td>")
_RAW = Markup('<td><span class="aml-raw">{raw}</span>{arrow}<span class="aml-made">{made}</span></td>')
_DOUBT = Markup("<li><strong>{at}</strong> {where}{question}<br>{choices}</li>")
_CHOICE = Markup('<span class="aml-choice"><code>{no}</code> {label}{taken}</span> ')
_TAKEN = Markup(' <span class="aml-band aml-high">taken</span>')
_ASIDE = Markup("<details open><summary>Rows that would stand aside</summary>{table}</details>")
_TOTALS = Markup("<details><summary>{title}</summary>{table}</details>")
_HOW = Markup(
    '<p class="aml-facts">Answer with <code>proposal = proposal.answered(doubt, choice)</code>, then '
    "<code>proposal.write('mapping.yml')</code>.</p>"
)
_NOTES = Markup("<ul>{lines}</ul>")
_NOTE = Markup("<li>{line}</li>")
_LONGEST = 60
_MARKS = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar"}


def proposal_html(proposal: Proposal, previews: Sequence[FilePreview]) -> str:
    """Doubts first, then each file: how it is laid out, its columns with raw cells beside canonical ones."""
    count, files = len(proposal.doubts), len({each.sight.name for each in proposal.files})
    return str(
        _CARD.format(
            style=Markup(asset("pictures.css") + asset("notebook.css")),
            files="one file" if files == 1 else f"{files} files",
            unsure="nothing is unsure" if not count else f"{count} to answer",
            doubts=_doubts(proposal.doubts),
            how=_HOW if count else "",
            sections=Markup("").join(_section(seen, proposed_for(seen, proposal.files)) for seen in previews),
            refused=_notes(f"not used: {sentence}" for sentence in proposal.refused),
        )
    )


def _doubts(doubts: Sequence[Doubt]) -> Markup:
    told = Markup("")
    for at, doubt in enumerate(doubts):
        choices = Markup("").join(
            _CHOICE.format(no=no, label=choice.label, taken=_TAKEN if no == doubt.chosen else "")
            for no, choice in enumerate(doubt.choices)
        )
        where = f"{doubt.file}, {doubt.about}: " if doubt.file else ""
        told += _DOUBT.format(at=f"doubts[{at}]", where=where, question=doubt.question, choices=choices)
    return _NOTES.format(lines=told) if doubts else Markup("")


def _section(seen: FilePreview, proposed: FileProposal | None) -> Markup:
    if seen.refused:
        return _SECTION.format(
            name=seen.file, table=seen.table, facts=seen.refused, columns="", asides="", totals="", warnings=""
        )
    title = "Control totals" if seen.whole else "Control totals of the rows looked at"
    sums = [(currency, side, f"{rows:,}", total) for currency, side, rows, total in seen.totals]
    return _SECTION.format(
        name=seen.file,
        table=seen.table,
        facts=" · ".join((*_laid_out(proposed), count_text(seen))),
        columns=_columns(seen, lines(seen, proposed)),
        asides=_apart(seen, proposed),
        totals=_TOTALS.format(title=title, table=_table(("currency", "direction", "rows", "sum"), sums))
        if sums
        else "",
        warnings=_notes(seen.warnings),
    )


def _laid_out(proposed: FileProposal | None) -> list[str]:
    if proposed is None:
        return []
    sight = proposed.sight
    mark = _MARKS.get(sight.separator or "", sight.separator)
    header = f"names in line {sight.line_of_header}" if sight.layout.header else "no line of names"
    told = [
        sight.format,
        sight.encoding,
        f"separator {mark}" if mark else None,
        header if sight.needs_mapping else None,
    ]
    return [each for each in told if each]


def _columns(seen: FilePreview, found: Sequence[Line]) -> Markup:
    rows = [pair for pair in seen.pairs if pair.reason is None]
    heads = ("column", "made from", *(f"line {pair.line}" for pair in rows), "why")
    body = Markup("").join(
        _ROW.format(
            kind="" if line.sure and line.column else "aml-unused" if not line.column else "aml-likely",
            cells=Markup("").join(
                (
                    _CELL.format(text=line.column or "not used"),
                    _CELL.format(text=line.made_from),
                    *(_pair(*cell) for cell in line.cells),
                    _CELL.format(text=line.reason if line.sure else f"likely: {line.reason}"),
                )
            ),
        )
        for line in found
    )
    return _TABLE.format(heads=Markup("").join(_HEAD.format(text=head) for head in heads), rows=body)


def _pair(raw: str, made: str) -> Markup:
    same = raw == made or not made
    return _RAW.format(raw=_cut(raw), arrow="" if same or not raw else " → ", made="" if same else _cut(made))


def _apart(seen: FilePreview, proposed: FileProposal | None) -> Markup:
    rows = [(str(a.line), a.column, _cut(a.raw), f"{a.reason}: {a.meaning}") for a in asides(seen, proposed)]
    return _ASIDE.format(table=_table(("line", "column", "cell", "reason"), rows)) if rows else Markup("")


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Markup:
    body = (_ROW.format(kind="", cells=Markup("").join(_CELL.format(text=cell) for cell in row)) for row in rows)
    return _TABLE.format(heads=Markup("").join(_HEAD.format(text=head) for head in heads), rows=Markup("").join(body))


def _notes(told: Iterable[str]) -> Markup:
    found = Markup("").join(_NOTE.format(line=line) for line in told)
    return _NOTES.format(lines=found) if found else Markup("")


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
