"""Looking at files nobody has mapped yet, and proposing the mapping: guesses with reasons, and doubts with choices."""
