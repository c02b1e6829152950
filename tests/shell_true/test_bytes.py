"""Line ends, byte order marks and encodings survive a rewrite."""

from __future__ import annotations

import pytest

from codemods.catalog.shell_true import CODEMOD
from codemods.engine import Settings, run
from codemods.model import BOM, Source


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            BOM + b"import subprocess\r\nsubprocess.run('sort a > b', shell=True)\r\n",
            BOM + b"import subprocess\r\nwith open('b', 'wb') as out:\r\n"
            b"    subprocess.run(['sort', 'a'], stdout=out)\r\n",
        ),
        (
            b"import os\r\nos.system('touch " + b"a" * 40 + b" " + b"b" * 40 + b"')",
            b"import subprocess\r\nsubprocess.run(\r\n    [\r\n        'touch',\r\n"
            b"        '" + b"a" * 40 + b"',\r\n        '" + b"b" * 40 + b"',\r\n"
            b"    ]\r\n)",
        ),
        (
            b"# coding: latin1\nimport subprocess\nsubprocess.run('a \xe9', shell=1)\n",
            b"# coding: latin1\nimport subprocess\nsubprocess.run(['a', '\xe9'])\n",
        ),
    ],
)
def test_bytes(before: bytes, after: bytes) -> None:
    result = run(Source("x.py", before), [CODEMOD], Settings())
    assert result.failures == ()
    assert result.after.data == after
