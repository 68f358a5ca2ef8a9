"""Outputs: everything a run leaves in its folder, written at once or not at all.

:func:`amlscreen.sinks.write.write` is the straight line; each module beside it writes one kind of file.
"""
