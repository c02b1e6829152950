"""Receipts: a fix is run before and after on generated input, in a sandbox.

A codemod says how (`trials`), `interpreters` and `sandbox` run it, `running` makes a
receipt of what it printed, `policy` draws the consequences, `proving` does all that
for the findings of a run. Nothing here is imported unless evidence is asked for.
"""
