"""Files that cannot be judged by what is expected of them, each with the reason: looked at one by one."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

__all__ = ["DOUBTFUL", "NOTHING", "NO_BOOKINGS", "SEEN"]

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
    "double-entry-generator__jd__example-jd-records.csv": (
        "the upstream journal leaves out the row of 14.99; refunds, which the file counts neither way, are left out",
        16,
        Decimal("-2277.70"),
    ),
    "double-entry-generator__citic__credit__example-citic-records.xls": (
        "the upstream journal leaves out the row of 4.00",
        13,
        Decimal("-1097.39"),
    ),
}
"""Expected values that are wrong themselves: why, and the entries and sum that the file shows to the eye."""

_NO_ACCOUNT = "names no account of payer or payee, so there is nothing to book"
NO_BOOKINGS = "holds no bookings: "

NOTHING: Mapping[str, str] = {
    "bankstatementparser__camt_file.csv": NO_BOOKINGS + "one line for a whole statement, with its net amount",
    "bankstatementparser__pain_file.csv": NO_BOOKINGS + "a list of payment numbers",
    "beancount-import__healthequity__1234567__cash-transactions-distribution.csv": NO_BOOKINGS + "a header only",
    "beancount-import__venmo__balances.csv": NO_BOOKINGS + "opening and closing balances",
    "beancount_reds_importers__libreader__xlsx_test__gains_losses_test.xlsx": NO_BOOKINGS + "gains on securities",
    "hledger__csv__cctax__rotki___blockchain-accounts.csv": NO_BOOKINGS + "addresses",
    "hledger__self-tracking__a.tsv": NO_BOOKINGS + "a diary",
    "hledger__self-tracking__d.csv": NO_BOOKINGS + "a diary",
    "oca14.0__account_statement_import_paypal__empty_activity.csv": NO_BOOKINGS + "a header only",
    "reckon__simple.csv": NO_BOOKINGS + "words",
    "hledger__csv__sample.ssv": "its dates (10/2009/09) are written as no program writes them",
    "bank2ynab__TH_20180101-20180523_page_1.csv": "its cells are masked (1111/11/11, XXXX), as are all its amounts",
    "oca14.0__account_statement_import_txt_xlsx__debit_credit_amount.csv": (
        "its debits contradict one another: -33.50 and 1,500.00 both raise the balance"
    ),
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

SEEN: Mapping[str, tuple[int, str]] = {
    "bank2ynab__20171001-20171106.csv": (1, "-59.99"),
    "bank2ynab__CSV_A_20180414_112204.csv": (3, "-1037.49"),
    "bank2ynab__MS_JANE_SMITH_01-12-2019_14-12-2019.csv": (10, "-285.80"),
    "bank2ynab__MonzoDataExport_February2018_2018-02-26_174335.csv": (1, "-10"),
    "bank2ynab__Movements_1234512345_201805271848.csv": (1, "-1"),
    "bank2ynab__Umsaetze_KtoNr538917600_EUR_02-03-2018_1503.CSV": (1, "-17.22"),
    "bank2ynab__W80844_EBH_201945.202122.csv": (2, "940"),
    "bank2ynab__export_KBC-Mastercard_Business_Essential_20200204_1604.csv": (3, "2.73"),
    "bank2ynab__test_BOI_TransactionExport.csv": (27, "-419.61"),
    "bank2ynab__test_raiffeisen_01.csv": (73, "-4580.70"),
    "bank2ynab__umsatz-1234________1234-20180227.CSV": (1, "-5"),
    "bankstatementparser__golden__csv_european_decimals.csv": (3, "2260.94"),
    "bankstatementparser__golden__csv_spanish_headers.csv": (3, "2260.94"),
    "beancount-import__generic_importer__csv__generic_statement.csv": (6, "800"),
    "beancount-import__healthequity__1234567__cash-transactions-other.csv": (5, "-1900"),
    "beancount-import__schwab_csv__test_basic__transactions__Brokerage_Transactions_20201115-180021.CSV": (
        16,
        "26865.96",
    ),
    "beancount-import__venmo__transactions.csv": (11, "-927.08"),
    "beancount_reds_importers__schwab__schwab_csv_brokerage__schwab_csv_brokerage_XX876_Transactions_20220731.csv": (
        11,
        "-1574.04",
    ),
    "camt-csv__internal__visecaparser__viseca.csv": (9, "-49.20"),
    "csv2ofx__capitalone.csv": (2, "0"),
    "csv2ofx__mint_headerless.csv": (4, "-3000"),
    "csv2ofx__n26-fr.csv": (2, "0"),
    "hledger__csv__apps__monefy.csv": (8, "5892.8"),
    "hledger__csv__banking__csb43.csv": (2, "1000"),
    "hledger__csv__other__paypal-custom.csv": (4, "-6.58"),
    "hledger__sample.csv": (3, "20"),
    "hledger__sample.fr.cp1252.csv": (3, "20"),
    "hledger__sample.fr.iso88591.csv": (3, "20"),
    "hledger__sample.fr.utf8.csv": (3, "20"),
    "hledger__sample.journal.csv": (11, "0"),
    "ledger-autosync__venmo.csv": (4, "76.01"),
    "oca14.0__account_statement_import_txt_xlsx__original_currency.csv": (1, "1525"),
    "oca14.0__account_statement_import_paypal__activity_en.csv": (62, "59428.92"),
    "oca17.0__account_statement_import_sheet_file__sample_statement_credit_card_inverse_sign_en.csv": (2, "1491.5"),
    "reckon__73-sample.csv": (1, "-27"),
    "reckon__austrian_example.csv": (13, "-149.57"),
    "reckon__broker_canada_example.csv": (12, "4782.91"),
    "reckon__chase.csv": (9, "6922.11"),
    "reckon__extratofake.csv": (22, "805"),
    "reckon__french_example.csv": (9, "-337.44"),
    "reckon__intuit_mint_example.csv": (7, "-688.96"),
    "reckon__some_other.csv": (9, "6954.57"),
    "reckon__test_money_column.csv": (2, "40"),
}
"""Files of which nobody says what they hold: entries and sum as counted by hand, without the product."""
