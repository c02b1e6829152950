"""What a reviewer sees first: a shell that stays, with text from outside in it."""

from __future__ import annotations

import pytest

from codemods.catalog.shell_true import CODEMOD
from codemods.engine import Settings, run
from codemods.model import Source


@pytest.mark.parametrize(
    ("text", "urgent"),
    [
        ("f'ls {name}/*'", True),
        ("'ls %s/*' % os.environ['HOME']", True),
        ("'ls ' + sys.argv[1] + '/*'", True),
        ("'ls *'", False),
        ("f'ls {shlex.quote(name)}/*'", False),
        ("f'ls {len(name)} *'", False),
    ],
)
def test_a_shell_that_outside_text_reaches_is_urgent(text: str, urgent: bool) -> None:
    code = (
        "import os, shlex, subprocess, sys\n"
        f"def show(name):\n    subprocess.run({text}, shell=True)\n"
    )
    result = run(Source("x.py", code.encode()), [CODEMOD], Settings())
    (finding,) = result.findings
    assert (finding.verdict, finding.urgent) == ("declined", urgent)
    expected = "a shell is needed and outside text reaches it"
    assert (finding.message == expected) == urgent
