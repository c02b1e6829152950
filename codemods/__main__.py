"""`python -m codemods` is `codemod`."""

import sys

from codemods.cli import main

if __name__ == "__main__":
    sys.exit(main())
