"""What of a file must run to run one fix: the statements that changed and their feed.

`changes` finds the statements that differ, `cutting` takes with them what feeds them,
`free` gives names to what only the rest of the program could tell. The result is one
function a side, with the same parameters.
"""
