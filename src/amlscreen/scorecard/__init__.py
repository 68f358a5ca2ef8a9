"""Points refitted from what people decided, still one whole number for each row of a score."""
