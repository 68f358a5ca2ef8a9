"""The proposed mapping as commented YAML: it says what was proposed, why, and nothing about anybody."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amlscreen.intake.column_spec import ColumnSpec
from amlscreen.intake.conditions import Held
from amlscreen.intake.layout import Layout
from amlscreen.intake.mapping import FileEntry, Mapping, Override, load_mapping
from amlscreen.intake.proposing.proposal import Choice, Doubt, FileProposal, Guess, Patch, Proposal, Sight
from amlscreen.intake.proposing.writer import mapping_text, write_mapping
from amlscreen.shipped import shipped_files
from amlscreen.yaml_file import parse, plain

HEADER = ("TXN DATE", "ກ/ຂ", "D/C", "AMT", "CUSTOMER", "ZIP")
ROW = ("03/04/2026", "1001", "D", "1,250,000.00", "Somebody Synthetic", "01000")


def spec(**given: object) -> ColumnSpec:
    """A column's spec as a mapping would state it."""
    return ColumnSpec.model_validate({"from": given.pop("source", None), **given} if "source" in given else given)


COLUMNS = {
    "account_id": spec(source="ກ/ຂ"),
    "at": spec(source="TXN DATE", date="%d/%m/%Y"),
    "direction": spec(source="D/C", codes={"D": "debit", "C": "credit"}),
    "amount": spec(source="AMT", thousands=","),
    "counterparty_name": spec(source="CUSTOMER"),
}


def proposal(entry: FileEntry | None = None, *doubts: Doubt) -> Proposal:
    """A proposal about one file ``txn.csv``."""
    entry = entry or FileEntry(match="txn*", table="transactions", columns=COLUMNS, layout=Layout(separator=";"))
    sight = Sight("txn.csv", "csv", "cp874", ";", entry.layout, HEADER, (ROW,), ("Total",), 1)
    guesses = tuple(Guess(name, each, name != "at", f"its name; such as {ROW[4]}") for name, each in COLUMNS.items())
    file = FileProposal(sight, entry.table, guesses, ("ZIP",), doubts)
    mapping = Mapping(id="proposed", title="An export: of a bank", files=(entry,))
    return Proposal(mapping, (file,), doubts)


DAY_OR_MONTH = Doubt(
    "txn.csv", "at", "Is 03/04/2026 the third of April?",
    (Choice("day first"), Choice("month first", Patch(columns={"at": spec(source="TXN DATE", date="%m/%d/%Y")}))), 0,
)  # fmt: skip


def loaded(text: str) -> Mapping:
    """What a reader of the text gets."""
    return Mapping.model_validate(plain(parse(text, "mapping.yml")))


def test_what_is_written_is_what_was_proposed(tmp_path: Path) -> None:
    """Loading the file gives an equal mapping."""
    write_mapping(proposal(), tmp_path / "mapping.yml")
    assert load_mapping(tmp_path / "mapping.yml").model_copy(update={"folder": None}) == proposal().mapping
    assert [each.name for each in tmp_path.iterdir()] == ["mapping.yml"]


def test_each_column_says_why() -> None:
    """Behind it where there is room; what is only likely is called so; what nothing takes is named."""
    text = mapping_text(proposal())
    assert 'at: {from: TXN DATE, date: "%d/%m/%Y"}    # likely: its name' in text
    assert "Columns that nothing takes: ZIP." in text and "txn.csv: csv, cp874" in text


def test_a_doubt_shows_its_other_choices() -> None:
    """Below the column it is about."""
    lines = mapping_text(proposal(None, DAY_OR_MONTH)).splitlines()
    at = next(n for n, line in enumerate(lines) if line.strip().startswith("at:"))
    assert "UNSURE:" in lines[at + 1] and "Taken: day first; other choices: month first" in lines[at + 1]


def test_comments_quote_nobody() -> None:
    """A reason or question that quotes a cell is masked."""
    text = mapping_text(
        proposal(None, DAY_OR_MONTH, Doubt("txn.csv", "records", f"Is {ROW[4]} {ROW[3]} a total?", (), 0))
    )
    assert not [cell for cell in (ROW[3], ROW[4]) if cell in text]
    assert "aaaaaaaa aaaaaaaaa" in text


def test_overrides_and_conditions_are_written() -> None:
    """One month in another layout; rows that do not count."""
    later = Override(
        match="txn_02*", layout={"encoding": "utf-16", "quote": None}, columns={"amount": spec(source="SUM")}
    )
    entry = FileEntry(
        match="txn*", table="transactions", columns=COLUMNS,
        unless={"ZIP": Held(values=("", "no")), "AMT": Held(pattern="^0")},
        empty=("-",), ignore=("ZIP",), overrides=(later,),
    )  # fmt: skip
    assert loaded(mapping_text(proposal(entry))).files == (entry,)


@pytest.mark.parametrize("path", shipped_files("mappings", "*.yml"), ids=lambda path: path.stem)
def test_every_shipped_mapping_survives(path: Path) -> None:
    """Whatever a mapping can hold can be written."""
    mapping = load_mapping(path).model_copy(update={"folder": None})
    assert loaded(mapping_text(Proposal(mapping, (), ()))) == mapping


NAMES = st.text(min_size=1, max_size=12)


@settings(max_examples=30, deadline=None)
@given(NAMES, NAMES, NAMES, st.dictionaries(NAMES, st.sampled_from(["credit", "debit"]), min_size=1, max_size=3), NAMES)
def test_any_names_survive(column: str, other: str, constant: str, codes: dict[str, str], match: str) -> None:
    """Column names, codes and constants of any characters load as they were, however odd."""
    columns = {
        "account_id": spec(constant=constant), "at": spec(source=[column, other], date="%d", time="%H"),
        "direction": spec(source=column, codes=codes), "amount": spec(source=other, symbol=["$", "€"]),
    }  # fmt: skip
    entry = FileEntry(
        match=match, table="transactions", columns=columns, ignore=(other,), unless={column: Held(values=(other,))}
    )
    mapping = Mapping(id="m", title=other, institution=constant, files=(entry,))
    file = FileProposal(
        Sight(match, "csv", None, None, Layout(), (column,), ((other,),), (), 1), "transactions",
        (Guess("at", columns["at"], True, column),), (column,), (Doubt(match, "at", other, (Choice(column),), 0),),
    )  # fmt: skip
    assert loaded(mapping_text(Proposal(mapping, (file,), file.doubts))) == mapping


def test_a_statement_among_the_files_is_told_as_such() -> None:
    """Its entry needs no columns; the comment says why."""
    statement = FileEntry(match="s.sta", table="transactions")
    sight = Sight("s.sta", "swift_mt", "utf-8", None, Layout(), (), (), (), 1)
    mapping = Mapping(id="m", title="A statement", files=(statement,))
    text = mapping_text(Proposal(mapping, (FileProposal(sight, "", (), (), ()),), ()))
    assert "# s.sta: swift_mt, utf-8; the format says itself what it holds" in text and loaded(text) == mapping
