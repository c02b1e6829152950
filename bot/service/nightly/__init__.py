"""The nightly sweep: every repository's turn once a night, by its installation's clock.

What is left of a night is in the database: the turns that were taken. So a night is
swept once by however many processes, one that was missed is caught up once, and nothing
is to be said of nights before the last.
"""
