"""The harness for fixtures, for our codemods and for yours: `codemod test DIR`."""
