"""The mappings of public simulations read files of their shape: two bookings a record, and no account that is none."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from amlscreen.intake.dataset import Dataset

SIDES = (
    "SELECT institution, account_id, direction, amount, counterparty_kind, purpose FROM transactions ORDER BY row_id"
)
TIDE = {
    "transactions.csv": """\
tx_id,timestamp,src,dest,amount,currency,transaction_type,is_fraudulent,pattern_id,pattern_type
T1,2025-01-01 00:01:00,account_1,account_3331,150.0,EUR,withdrawal,0,,
T2,2025-01-02 00:02:00,account_3331,account_2,52.625000001,GBP,deposit,1,p,x
T3,2025-01-03 00:03:00,account_1,account_2,3.5,JPY,transfer,0,,
""",
    "accounts.csv": """\
node_id,account_category,country_code,creation_date,currency,current_balance,institution_id,is_fraudulent,node_type,\
risk_score,start_balance
account_1,Current,SG,2025-01-01 00:00:00,SGD,1,institution_20,True,account,,1
account_2,cash,SG,2025-01-01 00:00:00,SGD,1,institution_20,False,account,,1
account_3331,,CASH,2025-01-01 00:00:00,EUR,0.0,,True,account,,0.0
""",
    "individuals.csv": """\
node_id,age_group,country_code,creation_date,gender,is_fraudulent,name,node_type,occupation,risk_score
individual_1,18-24,SG,,female,False,N One,individual,unknown,0.4
""",
    "businesses.csv": """\
node_id,business_category,country_code,creation_date,incorporation_year,is_fraudulent,is_high_risk_category,\
is_high_risk_country,name,node_type,number_of_employees,risk_score
business_1,Energy Services,UK,2024-06-23 14:35:38,2024,False,False,False,N Two,business,3,0.05
""",
    "ownership.csv": """\
owner,owned,ownership_percentage,ownership_start_date
individual_1,business_1,100.0,2024-06-23
individual_1,account_1,100.0,2025-01-01
business_1,account_2,100.0,2025-01-01
""",
    "config.yaml": "x: 1\n",
}


def test_tide_has_no_account_for_all_the_cash_of_the_world(tmp_path: Path) -> None:
    """Cash is a pooled counterparty; firms and persons own accounts, and who owns a firm is left out."""
    for name, text in TIDE.items():
        (tmp_path / name).write_text(text)
    with Dataset.read(tmp_path, "tide", "generic") as data:
        found = data.connection.execute(SIDES).fetchall()
        assert [row[1:5] for row in found] == [
            ("account_1", "debit", 15000, "pooled"),
            ("account_1", "debit", 350, "account"),
            ("account_2", "credit", 5263, "pooled"),
            ("account_2", "credit", 350, "account"),
        ]
        assert data.tables["accounts"].column("account_id").to_pylist() == ["account_1", "account_2"]
        assert data.tables["holdings"].column("customer_id").to_pylist() == ["individual_1", "business_1"]
        assert data.tables["customers"].num_rows == 2
        assert [each for each in data.warnings if "rounded" not in each] == []


def test_amlgentex_has_no_account_for_source_and_sink(tmp_path: Path) -> None:
    """Salaries come from nowhere and spending goes nowhere; three banks keep their accounts apart."""
    names = ("step", "type", "amount", "nameOrig", "nameDest", "bankOrig", "bankDest")
    rows = [
        (0, "INITALBALANCE", 900.0, -2, 0, "source", "bank_a"),
        (1, "TRANSFER", 31441.5, -2, 0, "source", "bank_a"),
        (2, "TRANSFER", 1.0330737896140874e-05, 0, 1, "bank_a", "bank_b"),
        (2, "TRANSFER", 500.125, 0, -1, "bank_a", "sink"),
        (3, "CASH", 20.0, 1, -1, "bank_b", "sink"),
    ]
    labels = ("phoneChangesOrig", "phoneChangesDest", "daysInBankOrig", "daysInBankDest", "oldbalanceOrig")
    labels += ("newbalanceOrig", "oldbalanceDest", "newbalanceDest", "isSAR", "patternID", "modelType")
    table = pa.table(
        {name: [row[at] for row in rows] for at, name in enumerate(names)} | {name: [1] * 5 for name in labels}
    )
    pq.write_table(table, tmp_path / "tx_log.parquet")
    (tmp_path / "accounts.csv").write_text(
        "ACCOUNT_ID,CUSTOMER_ID,INIT_BALANCE,SALARY,AGE,CITY,IS_SAR,BANK_ID\n"
        "0,C_0,900,31441.50,57,city_2,false,bank_a\n1,C_1,900,1106.45,18,city_9,false,bank_b\n"
    )
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "accounts.csv").write_text("count,bank_id\n1500,bank_a\n")
    with Dataset.read(tmp_path, "amlgentex", "generic") as data:
        assert data.connection.execute(SIDES).fetchall() == [
            ("bank_a", "0", "debit", 0, "account", None),
            ("bank_a", "0", "debit", 50012, "pooled", None),
            ("bank_b", "1", "debit", 2000, "pooled", None),
            ("bank_b", "1", "credit", 0, "account", None),
            ("bank_a", "0", "credit", 3144150, "pooled", "salary"),
        ]
        assert data.tables["customers"].column("income").to_pylist() == [3144150, 110645]
        assert data.tables["accounts"].column("institution").to_pylist() == ["bank_a", "bank_b"]
        assert data.connection.execute("SELECT DISTINCT time_precision FROM transactions").fetchall() == [("day",)]
        assert [each for each in data.warnings if "rounded" not in each] == []
