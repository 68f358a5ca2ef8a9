"""Rules: cards, their grammar and reader, sets of them, lint and lock."""
