"""SWIFT payment messages: which accounts they book on, at which bank, and for whom."""

from __future__ import annotations

import pytest

from intake.reading import Read, read_bytes

INPUT = "{{1:F01SENDDEFFAXXX0000000000}}{{2:I{}RECVFRPPXXXXN}}{{3:{{121:EB6305C9-1F7F-49DE-AED0-16487C27B42D}}}}{{4:\n"
OUTPUT = "{{1:F01RECVFRPPAXXX0000000000}}{{2:O{}1200260302SENDDEFFAXXX00000000002603021200N}}{{4:\n"
CUSTOMER = ":20:REF-1\n:23B:CRED\n:32A:260302EUR1170,\n:33B:USD1300,00\n:36:0,9\n"
PARTIES = ":50K:/11110000\nPARTY ONE\nSTREET 1\n:59:/22220000\nPARTY TWO\n:70:/INV/17\n:71A:SHA\n"


def legs(text: str) -> list[dict[str, object]]:
    """The bookings of a file, without what is empty."""
    found = read(text)
    return [{name: cell for name, cell in zip(found.raw.columns, cells, strict=True) if cell} for cells in found.cells]


def read(text: str) -> Read:
    return read_bytes(text.encode(), "p.fin")


def test_a_customer_transfer_books_on_both_accounts() -> None:
    """Debit at the sender, credit at the receiver, both with the settled amount and the reference."""
    debit, credit = legs(INPUT.format(103) + CUSTOMER + PARTIES + "-}")
    shared = {
        "transaction_id": "REF-1",
        "at": "2026-03-02",
        "value_date": "2026-03-02",
        "amount": "1170",
        "currency": "EUR",
        "channel": "wire",
        "narrative": "/INV/17",
        "message": "MT103",
        "statement": "REF-1",
        "entry_reference": "REF-1",
        "end_to_end_id": "eb6305c9-1f7f-49de-aed0-16487c27b42d",
        "bank_code": "CRED",
        "amount_instructed": "1300.00",
        "currency_instructed": "USD",
        "exchange_rate": "0.9",
    }
    assert debit == shared | {
        "institution": "SENDDEFF",
        "account_id": "11110000",
        "direction": "debit",
        "account_name": "PARTY ONE",
        "counterparty_institution": "RECVFRPP",
        "counterparty_account": "22220000",
        "counterparty_name": "PARTY TWO",
    }
    assert credit == shared | {
        "institution": "RECVFRPP",
        "account_id": "22220000",
        "direction": "credit",
        "account_name": "PARTY TWO",
        "counterparty_institution": "SENDDEFF",
        "counterparty_account": "11110000",
        "counterparty_name": "PARTY ONE",
    }


def test_the_banks_that_keep_the_accounts_may_be_others_than_sender_and_receiver() -> None:
    """:52A: and :57A: name them; :52D: and :57D: give a name and no BIC, so nothing is guessed."""
    named = CUSTOMER + PARTIES.replace(":59:", ":52A:FIRSTXX1\n:57A:/C/99\nLASTXX22XXX\n:59:")
    for envelope in (INPUT, OUTPUT):
        debit, credit = legs(envelope.format(103) + named + "-}")
        assert (debit["institution"], credit["institution"]) == ("FIRSTXX1", "LASTXX22")
    unnamed = CUSTOMER + PARTIES.replace(":59:", ":52D:BANK ONE\n:57D:BANK TWO\n:59:")
    assert ["institution" in leg for leg in legs(INPUT.format(103) + unnamed + "-}")] == [False, False]


def test_numbered_lines_tell_name_and_country() -> None:
    """Options 50F and 59F."""
    text = ":50F:/11110000\n1/PARTY ONE\n2/STREET 1\n3/LA/VIENTIANE\n:59F:/22220000\n1/PARTY\n1/TWO\n3/TH/BANGKOK\n"
    debit, credit = legs(INPUT.format(103) + CUSTOMER + text + "-}")
    assert (debit["counterparty_name"], debit["country"]) == ("PARTY TWO", "TH")
    assert (credit["counterparty_name"], credit["country"]) == ("PARTY ONE", "LA")


def test_a_party_without_an_account_has_no_booking() -> None:
    """An identity document is no account; a message that names none is set aside."""
    document = PARTIES.replace(":50K:/11110000\nPARTY ONE", ":50F:CCPT/LA/123\n1/PARTY ONE")
    (credit,) = legs(INPUT.format(103) + CUSTOMER + document + "-}")
    assert (credit["direction"], credit["counterparty_name"]) == ("credit", "PARTY ONE")
    none = read(INPUT.format(103) + CUSTOMER + ":50K:PARTY ONE\n:59:/-\nPARTY TWO\n-}")
    assert none.rejects == [(1, 2, "missing_required")]


@pytest.mark.parametrize("settled", ["", ":32A:260231EUR5,\n", ":32A:260302EURX\n"])
def test_a_payment_without_amount_or_day_is_set_aside(settled: str) -> None:
    """The next message is read."""
    broken = INPUT.format(103) + f":20:A\n{settled}" + PARTIES + "-}"
    found = read(broken + "$" + INPUT.format(103) + CUSTOMER + PARTIES + "-}")
    assert (found.rejects, len(found.rows)) == ([(1, 2, "bad_entry")], 2)


def test_banks_transfers_book_on_banks_accounts() -> None:
    """MT202; a cover tells whose money it is, and books nothing on the customers' accounts."""
    own = ":20:B1\n:21:R\n:32A:260302EUR9,\n:52A:/55550000\nFIRSTXX1\n:58A:/66660000\nLASTXX22\n"
    debit, credit = legs(INPUT.format(202) + own + PARTIES + "-}")
    assert (debit["account_id"], debit["institution"], debit["ultimate_party"]) == ("55550000", "SENDDEFF", "PARTY TWO")
    assert (credit["account_id"], credit["institution"], credit["ultimate_party"]) == (
        "66660000",
        "RECVFRPP",
        "PARTY ONE",
    )
    assert (credit["counterparty_institution"], credit["kind"], credit["message"]) == ("FIRSTXX1", "bank", "MT202")


def test_messages_without_blocks_are_told_by_their_fields() -> None:
    """Then no bank is known."""
    assert [leg.get("institution") for leg in legs(CUSTOMER + PARTIES + "-\n" + CUSTOMER + PARTIES)] == [None] * 4


def test_a_message_the_network_refused_books_nothing() -> None:
    """{451:1} is a negative acknowledgement; the file says how many were left out, and of what other types."""
    refused = (
        "{1:F21SENDDEFFAXXX0000000001}{4:{177:2603021200}{451:1}}" + INPUT.format(103) + CUSTOMER + PARTIES + "-}\n"
    )
    other = INPUT.format(199) + ":20:A\n:79:TEXT\n:61:260302C5,NMSCX\n-}\n"
    found = read(refused + other + INPUT.format(103) + CUSTOMER + PARTIES + "-}")
    assert len(found.rows) == 2
    assert [told for told in found.raw.warnings if "refused by the network" in told]
    assert [told for told in found.raw.warnings if "1 MT199" in told]
