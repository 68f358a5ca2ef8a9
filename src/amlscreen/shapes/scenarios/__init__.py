"""The functions of the shipped scenarios: one in each module, of the same name as the scenario."""
