"""The closed forms of detection, one module each."""
