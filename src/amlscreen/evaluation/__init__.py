"""How well a ranking puts the right customers on top, measured against labels."""
