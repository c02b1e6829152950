"""`codemod run --interactive`: fix by fix, as a person says."""
