"""Transactions read on many machines: each conforms a part of them, then settles the accounts it is given.

The statements are those of one machine. What only all parts together tell (how files are numbered, which of them hold
days only, what was counted) is put together where the run was started.
"""
