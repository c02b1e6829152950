"""`codemod-bot setup`: register a GitHub App by a manifest, and keep what it gets."""
