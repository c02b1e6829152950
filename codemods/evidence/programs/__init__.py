"""What runs inside a sandbox, under the project's own interpreter.

Nothing here is imported by the tool, and of the tool it may import nothing else.
"""
