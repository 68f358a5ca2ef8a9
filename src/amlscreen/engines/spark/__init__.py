"""The engine for a Spark cluster: the same partitions, swept by the same function, in the cluster's executors.

>>> from amlscreen.engines.spark import Spark                                  # doctest: +SKIP
>>> engine = Spark(session)                                                    # doctest: +SKIP
>>> result = aml.screen(engine.read("/lake/2026-03"), engine=engine)           # doctest: +SKIP

Spark distributes, shuffles and sorts; it never makes a rule anew. Rows cross to Python as Arrow batches only.
"""

from amlscreen.engines.spark.engine import Spark

__all__ = ["Spark"]
