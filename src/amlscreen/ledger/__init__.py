"""The ledger: accepted transactions sorted by customer, account and time, and the kernels that sweep over it."""
