"""One codemod each, and nothing else."""
