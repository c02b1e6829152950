"""`codemod audit`: what a code base holds of what the codemods are about, counted.

Every count is by meaning, from a file's ast with its names resolved; what a search for
the words would have said stands beside it.
"""
