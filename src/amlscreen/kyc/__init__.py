"""KYC health: what is known of each customer, how risky the bank should hold it to be, and cash to be reported.

An output of its own beside the alerts: nothing here makes an alert.
"""
