"""Who stands on the bank's lists, held against plain loops over entries."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from amlscreen.intake.counterparty import name_key
from amlscreen.intake.names import name_keys
from amlscreen.schema import LISTED_CATEGORIES
from ledger.test_columns import column
from shapes.looking import lines, look, rule
from shapes.test_match import ids, match

FRONTS = {"account": "account", "phone": "phone", "wallet": "wallet", "name": "name"}


def entry(kind: str, value: str, category: str = "other", **others: Any) -> dict[str, Any]:
    """An entry of a list of BANK."""
    return {"institution": "BANK", "kind": kind, "value": value, "category": category, **others}


def numbered(*entries: dict[str, Any]) -> list[dict[str, Any]]:
    """The entries with their numbers."""
    return [{"list_id": f"L{n}", **one} for n, one in enumerate(entries)]


def against(key: str | None, *entries: dict[str, Any], day: int = 5, **tables: Any) -> str | None:
    """What the one counterparty's column says on that day of March."""
    kind = None if key is None else key.split(":")[0] if ":" in key else "name"
    rows = [{**one, "counterparty": key, "counterparty_kind": kind} for one in lines(f"day\n{day}")]
    (found,) = column("counterparty_list", transactions=rows, listed=numbered(*entries), **tables)
    return found


def test_a_counterparty_is_listed_by_the_key_it_is_known_by() -> None:
    """An account number alone is one of the institution; other banks' numbers are others."""
    listed = entry("account", "0101", "gaming")
    assert against("account:BANK/0101", listed) == "gaming"
    assert against("account:OTHER/0101", listed) == "unlisted"
    assert against("account:OTHER/0101", entry("account", "OTHER/0101", "exchange")) == "exchange"
    assert against("phone:+8562055555555", entry("phone", "020 5555 5555", "recruitment")) == "recruitment"
    assert against("wallet:+8562055555555", entry("phone", "020 5555 5555", "recruitment")) == "recruitment"
    assert against("wallet:77", entry("wallet", "77", "exchange")) == "exchange"
    assert against("name:test trader", entry("name", "Mr. Test  TRADER")) == "other"
    assert against("name:test traders", entry("name", "Mr. Test  TRADER")) == "unlisted"


def test_a_key_that_a_file_gives_as_a_name_is_compared_as_one() -> None:
    """Capitals and spaces do not count, whether or not it has its kind in front."""
    assert against("P1", entry("name", "p1", "advert")) == "advert"
    assert against("name:Test  Trader", entry("name", "test trader", "advert")) == "advert"


def test_an_identity_or_an_e_mail_is_no_key_of_a_counterparty() -> None:
    """The same letters under another kind are something else."""
    others = [entry(kind, "BANK/0101") for kind in ("id_number", "email", "customer", "wallet")]
    assert against("account:BANK/0101", *others) == "unlisted"


def test_an_account_is_listed_through_its_owner() -> None:
    """Every owner counts, a signatory does not."""
    held = [
        {"account_id": "A7", "customer_id": who, "role": role}
        for who, role in (("C7", "joint"), ("C8", "joint"), ("C9", "signatory"))
    ]
    tables = {"holdings": held}
    assert against("account:BANK/A7", entry("customer", "C8", "adverse_media"), **tables) == "adverse_media"
    assert against("account:BANK/A7", entry("customer", "C9", "adverse_media"), **tables) == "unlisted"


def test_a_pooled_counterparty_is_listed_by_its_own_value_or_unknown() -> None:
    """A listed biller is known for what it is; who stands behind one that is not listed cannot be told."""
    assert against("pooled:test games", entry("name", "Test Games", "gaming")) == "gaming"
    assert against("pooled:BANK/0101", entry("account", "0101", "exchange")) == "exchange"
    assert against("pooled:float", entry("name", "Test Games", "gaming")) is None
    assert against(None, entry("name", "Test Games", "gaming")) is None


def test_an_entry_counts_from_its_first_day_to_its_last() -> None:
    """Both included; without a day it is open on that side."""
    listed = entry("wallet", "7", "exchange", since="2026-03-04", until="2026-03-05")
    assert [against("wallet:7", listed, day=day) for day in (3, 4, 5, 6)] == [
        "unlisted",
        "exchange",
        "exchange",
        "unlisted",
    ]


def test_of_several_entries_the_gravest_is_told() -> None:
    """Designated before all; one that no longer holds does not count."""
    entries = [entry("wallet", "7", each) for each in ("other", "gaming", "exchange")]
    assert against("wallet:7", *entries) == "exchange"
    assert against("wallet:7", *entries, entry("wallet", "7", "designated")) == "designated"
    assert against("wallet:7", *entries, entry("wallet", "7", "designated", until="2026-03-01")) == "exchange"


def test_a_list_is_that_of_the_bank_which_keeps_it() -> None:
    """Banks lie side by side and do not read each other's lists."""
    theirs = {**entry("wallet", "7", "exchange"), "institution": "OTHER"}
    assert against("wallet:7", theirs) == "unlisted"


def test_without_the_table_a_rule_about_it_is_not_evaluable() -> None:
    """Never silently no hit."""
    card = rule(
        detect={
            "shape": "window",
            "subject": "account",
            "within": "1d",
            "rows": {"a": {"counterparty_list": "exchange"}},
            "measures": {"n": {"count": "transactions", "of": "a"}},
            "when": {"n": {"gte": 1}},
        }
    )
    rows = lines("day counterparty\n1 wallet:7\n1 wallet:8", counterparty_kind="wallet")
    assert look(card, transactions=rows).outcomes[0].reason == "no data: listed.value"
    found = look(card, transactions=rows, listed=numbered(entry("wallet", "7", "exchange")))
    (hit,) = found.hits
    assert (hit.measures, hit.partial) == ({"n": 1}, False)


PEOPLE = [
    {
        "customer_id": "C1",
        "phone": "020 5555 5555",
        "email": "Test@Example.org",
        "id_number": "p 12-A",
        "name": "Mr. Test ONE",
    },
    {"customer_id": "C2", "phone": "020 5555 5556", "id_number": "P12", "name": "Test Two", "name_latin": "test  one"},
    {"customer_id": "C3"},
]


def test_customers_are_listed_by_phone_mail_paper_and_name() -> None:
    """A customer without the column is unknown, not unlisted."""
    listed = numbered(
        entry("phone", "+856 20 5555 5555", "recruitment"),
        entry("email", "TEST@example.ORG", "advert"),
        entry("id_number", "P12-a", "designated"),
        entry("name", "Test One", "adverse_media"),
        entry("customer", "C3", "adverse_media"),
    )
    tables = {"customers": PEOPLE, "listed": listed}
    assert ids(match({"phone_list": "recruitment"}), **tables) == ["C1"]
    assert ids(match({"phone_list": "unlisted"}), **tables) == ["C2"]
    assert ids(match({"email_list": ["advert", "recruitment"]}), **tables) == ["C1"]
    assert ids(match({"email_list": {"null": True}}), **tables) == ["C2", "C3"]
    assert ids(match({"id_list": "designated"}), **tables) == ["C1"]
    assert ids(match({"name_list": {"none_of": ["unlisted"]}}), **tables) == ["C1", "C2"]
    assert ids(match({"customer_list": "adverse_media"}), **tables) == ["C3"]


def test_an_account_of_ones_own_may_be_listed() -> None:
    """By its number alone."""
    accounts = [{"account_id": "A1"}, {"account_id": "A2"}]
    card = match({"account_list": "gaming"}, "accounts", subject="account_id", subject_kind="account")
    assert ids(card, accounts=accounts, listed=numbered(entry("account", "A2", "gaming"))) == ["A2"]


def test_customers_are_held_against_the_lists_of_the_last_day() -> None:
    """What ended before is over; at the end of the data what was listed since counts too."""
    for since, until, found in (
        ("2026-03-10", None, ["C1"]),
        (None, "2026-03-08", []),
        (None, "2026-03-09", ["C1"]),
    ):
        listed = numbered(entry("phone", "020 5555 5555", since=since, until=until))
        assert ids(match({"phone_list": "other"}), customers=PEOPLE, listed=listed) == found


VALUES = ("7", "8", "BANK/7")
ENTRIES = st.tuples(
    st.sampled_from(sorted(FRONTS)),
    st.sampled_from(VALUES),
    st.sampled_from(LISTED_CATEGORIES),
    st.sampled_from(["BANK", "OTHER"]),
    st.none() | st.integers(1, 9),
    st.none() | st.integers(1, 9),
)
ROWS = st.tuples(
    st.none() | st.sampled_from(sorted([*FRONTS, "pooled"])),
    st.sampled_from(VALUES),
    st.integers(1, 9),
    st.sampled_from(["BANK", "OTHER"]),
)


def oracle(row: tuple[str | None, str, int, str], entries: list[tuple[Any, ...]]) -> str | None:
    """One row, read from the words of the data dictionary."""
    kind, value, day, bank = row
    if kind is None:
        return None
    found = []
    for listed_kind, given_text, category, keeper, since, until in entries:
        text = given_text
        if listed_kind == "account" and "/" not in text:
            text = f"{keeper}/{given_text}"
        if listed_kind == "phone":
            text = "".join(one for one in given_text if one.isdigit())
        if listed_kind == "name":
            text = given_text.casefold()
        alike = kind in {listed_kind, "pooled"} or (listed_kind, kind) == ("phone", "wallet")
        same = value.casefold() == text if kind == "name" else value == text
        if alike and same and keeper == bank and (since or 0) <= day <= (until or 99):
            found.append(LISTED_CATEGORIES.index(category))
    if found:
        return LISTED_CATEGORIES[min(found)]
    return None if kind == "pooled" else "unlisted"


@given(rows=st.lists(ROWS, min_size=1, max_size=6), entries=st.lists(ENTRIES, min_size=1, max_size=6))
@settings(max_examples=25, deadline=None)
def test_the_column_is_what_plain_loops_say(
    rows: list[tuple[str | None, str, int, str]], entries: list[tuple[Any, ...]]
) -> None:
    """Keys, kinds, banks, days and gravity together."""
    table = [
        {
            **one,
            "institution": bank,
            "account_id": f"A{n}",
            "transaction_id": f"T{n}",
            "at": f"2026-03-{day:02d}",
            "counterparty": kind and f"{kind}:{value}",
            "counterparty_kind": kind,
        }
        for n, ((kind, value, day, bank), one) in enumerate(zip(rows, lines("day\n" + "1\n" * len(rows)), strict=True))
    ]
    listed = [
        {
            "institution": bank,
            "list_id": f"L{n}",
            "kind": kind,
            "value": value,
            "category": category,
            "since": since and f"2026-03-{since:02d}",
            "until": until and f"2026-03-{until:02d}",
        }
        for n, (kind, value, category, bank, since, until) in enumerate(entries)
    ]
    assert column("counterparty_list", transactions=table, listed=listed) == [oracle(row, entries) for row in rows]


def test_a_counterparty_known_by_its_account_may_be_listed_by_its_name() -> None:
    """Two columns, since namesakes are many; of a row without a name the second knows nothing."""
    rows = lines(
        "day counterparty\n1 account:OTHER/1\n1 account:OTHER/2\n1 account:OTHER/3", counterparty_kind="account"
    )
    for row, name in zip(rows, ("Mr. TEST  Games", "Test Shop", None), strict=True):
        row["counterparty_name"] = name
    listed = numbered(entry("name", "Test Games", "gaming"))
    assert column("counterparty_list", transactions=rows, listed=listed) == ["unlisted"] * 3
    assert column("counterparty_name_list", transactions=rows, listed=listed) == ["gaming", "unlisted", None]


@given(st.lists(st.text(alphabet="AaßÉΣ Mr.ms/\u00a0,-ท้าวທ້າວດຣนาย\u0301ﬁ１", max_size=12), min_size=1, max_size=8))
@settings(max_examples=200, deadline=None)
def test_many_names_at_once_are_made_alike_as_each_one_is(names: list[str]) -> None:
    """The slow reading is the one intake uses."""
    assert name_keys(pa.array(names)).to_pylist() == [f"name:{name_key(name) or ''}" for name in names]
