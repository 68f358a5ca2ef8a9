"""Files that cannot be judged by what is expected of them, each with the reason: looked at one by one."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

__all__ = ["DOUBTFUL", "NOTHING"]

_IGNORED = "the upstream journal leaves out the rows that its own rules ignore"

DOUBTFUL: Mapping[str, tuple[str, int, Decimal]] = {
    "csv2ofx__mint_extra.csv": ("the upstream test stops after 3 of its 4 rows", 4, Decimal("-3000.00")),
    "double-entry-generator__hsbchk__debit__example-hsbchk-debit-records.csv": (
        "the upstream journal leaves out the first of its 10 rows",
        10,
        Decimal("21978.95"),
    ),
    "double-entry-generator__boc__credit__example-boc-records.csv": (_IGNORED, 14, Decimal("-241.97")),
    "double-entry-generator__icbc__debit-v1__example-icbc-debit-v1-records.csv": (_IGNORED, 11, Decimal("-1399.34")),
    "double-entry-generator__icbc__debit-v2__example-icbc-debit-v2-records.csv": (_IGNORED, 11, Decimal("-1399.34")),
    "double-entry-generator__citic__credit__example-citic-records.xls": (
        "the upstream journal leaves out the row of 4.00",
        13,
        Decimal("-1097.39"),
    ),
}
"""Expected values that are wrong themselves: why, and the entries and sum that the file shows to the eye."""

_NO_ACCOUNT = "names no account of payer or payee, so there is nothing to book"
_NO_MONEY = "holds no bookings: "

NOTHING: Mapping[str, str] = {
    "bankstatementparser__pain_file.csv": _NO_MONEY + "a list of payment numbers",
    "beancount-import__healthequity__1234567__cash-transactions-distribution.csv": _NO_MONEY + "a header only",
    "beancount-import__venmo__balances.csv": _NO_MONEY + "opening and closing balances",
    "beancount_reds_importers__libreader__xlsx_test__gains_losses_test.xlsx": _NO_MONEY + "gains on securities",
    "hledger__csv__cctax__rotki___blockchain-accounts.csv": _NO_MONEY + "addresses",
    "hledger__self-tracking__a.tsv": _NO_MONEY + "a diary",
    "hledger__self-tracking__d.csv": _NO_MONEY + "a diary",
    "oca14.0__account_statement_import_paypal__empty_activity.csv": _NO_MONEY + "a header only",
    "reckon__simple.csv": _NO_MONEY + "words",
    "hledger__csv__sample.ssv": "its dates (10/2009/09) are written as no program writes them",
    "bank2ynab__TH_20180101-20180523_page_1.csv": "its cells are masked (1111/11/11, XXXX), as are all its amounts",
    "cmxl__mt940-headers.txt": "its entry has a day that does not exist and its balances cannot be read",
    "prowide-core-javatest__MT103__ConversionServiceTest_21.fin": _NO_ACCOUNT,
    "prowide-core-javatest__MT103__GeneralAPITest_1.fin": _NO_ACCOUNT,
    "prowide-core-javatest__MT103__MtSwiftMessageTest_24.fin": _NO_ACCOUNT,
    "prowide-core-javatest__MT103__SwiftMessageComparatorTest_40.fin": "has neither amount nor payer",
    "prowide-core-javatest__MT103__SwiftMessageUtilsTest_34.fin": _NO_ACCOUNT,
    "pacs008__pacs008__templates__pacs.003.001.09__pacs.003.001.09.xml": _NO_ACCOUNT,
    "pacs008__pacs008__templates__pacs.008.001.01__pacs.008.001.01.xml": _NO_ACCOUNT,
    "pacs008__pacs008__templates__pacs.008.001.04__pacs.008.001.04.xml": _NO_ACCOUNT,
    "pacs008__pacs008__templates__pacs.008.001.05__pacs.008.001.05.xml": _NO_ACCOUNT,
    "pacs008__pacs008__templates__pacs.008.001.08__pacs.008.001.08.xml": _NO_ACCOUNT,
    "pacs008__pacs008__templates__pacs.008.001.10__pacs.008.001.10.xml": _NO_ACCOUNT,
    "pacs008__pacs008__templates__pacs.008.001.12__pacs.008.001.12.xml": _NO_ACCOUNT,
    "pacs008__pacs008__templates__pacs.010.001.05__pacs.010.001.05.xml": _NO_ACCOUNT,
    "prowide-iso20022__iso20022-core__pacs.008.001.07.xml": _NO_ACCOUNT,
}
"""Files in which there is nothing to read right: refusing them, or setting their entries aside, is what is wanted."""
