"""Who is tied to whom, as counterparty keys: what makes a payer "no stranger" to the holder of an account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from amlscreen.intake.names import name_keys

if TYPE_CHECKING:
    from amlscreen.intake.dataset import Dataset

__all__ = ["related_keys"]

_RELATED = """
WITH person AS (
    SELECT l.customer_no, c.* FROM relation_names c JOIN ledger_customers l USING (institution, customer_id)
), adult AS (
    SELECT p.customer_no AS ward, g.customer_no AS guardian
    FROM person p JOIN ledger_customers g ON g.institution = p.institution AND g.customer_id = p.guardian_id
), kin AS (
    SELECT customer_no AS this, customer_no AS other FROM ledger_customers
    UNION SELECT a.customer_no, b.customer_no FROM ledger_holders a JOIN ledger_holders b USING (account_no)
    UNION SELECT ward, guardian FROM adult
    UNION SELECT guardian, ward FROM adult
    UNION SELECT p.customer_no, f.customer_no FROM person p JOIN person f ON f.name_key = p.employer_key
), keys AS (
    SELECT customer_no, 'account:' || institution || '/' || account_id AS key FROM ledger_holders
    UNION ALL SELECT customer_no, unnest(both_orders(name_key)) FROM person WHERE name_key IS NOT NULL
    UNION ALL SELECT customer_no, unnest(both_orders(latin_key)) FROM person WHERE latin_key IS NOT NULL
    UNION ALL SELECT customer_no, 'phone:' || phone_key(phone) FROM person WHERE phone IS NOT NULL
)
SELECT customer_no, key FROM (
    SELECT k.this AS customer_no, keys.key FROM kin k JOIN keys ON keys.customer_no = k.other
    UNION SELECT customer_no, employer_key FROM person WHERE employer_key IS NOT NULL
) ORDER BY customer_no, key
"""


def related_keys(data: Dataset) -> pa.Table:
    """customer_no and key, sorted: the keys of the customer, co-holders, guardian or wards, and employer.

    A name is known with its last part in front and its first behind too, as passports and other banks have it. A
    surname alone is no tie: in Laos it says little about kinship. Call :func:`~amlscreen.intake.stream.number` first.
    """
    customers = data.tables["customers"]
    names = customers.select(["institution", "customer_id", "guardian_id", "phone"])
    for source, target in (("name", "name_key"), ("name_latin", "latin_key"), ("employer", "employer_key")):
        names = names.append_column(target, _keys(customers[source]))
    data.connection.register("relation_names", names)
    try:
        table: pa.Table = data.connection.sql(_RELATED).to_arrow_table()
    finally:
        data.connection.unregister("relation_names")
    return table


def _keys(names: pa.ChunkedArray[Any]) -> pa.Array[Any]:
    """The key of each name, made once for those who bear the same; null where there is no name."""
    words = pa.concat_arrays(names.cast(pa.string()).chunks) if names.num_chunks else pa.array([], pa.string())
    different = words.dictionary_encode()
    keys: pa.Array[Any] = name_keys(different.dictionary).take(different.indices)
    return keys
