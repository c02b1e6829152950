"""Where imports go, by hand."""

from __future__ import annotations

import pytest

from codemods import edits
from codemods.facts import Facts
from codemods.imports import additions


def added(code: str, *wanted: str) -> str:
    data = code.encode()
    return edits.apply(data, additions(Facts(data), wanted)).decode()


def test_into_alphabetical_order() -> None:
    assert (
        added("import os\nimport sys\n", "re") == "import os\nimport re\nimport sys\n"
    )


def test_nothing_where_it_is_there() -> None:
    assert added("import os\n", "os") == "import os\n"
    code = "from os.path import join\n"
    assert added(code, "os.path:join") == code


def test_another_name_for_it_does_not_count() -> None:
    assert added("import os as o\n", "os") == "import os as o\nimport os\n"


def test_an_import_in_a_function_does_not_count() -> None:
    code = "def f():\n    import os\n"
    assert added(code, "os") == "import os\n\n\n" + code


def test_an_import_for_type_checkers_does_not_count() -> None:
    code = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import os\n"
    assert added(code, "os") == "import os\n" + code


def test_an_import_that_may_fail_does_not_count() -> None:
    code = "import a\ntry:\n    import os\nexcept ImportError:\n    os = None\n"
    assert added(code, "os") == "import a\nimport os\n" + code[9:]


def test_plain_ones_before_from_ones() -> None:
    code = "from os import path\nfrom sys import argv\n"
    assert added(code, "re") == "import re\n" + code


def test_from_ones_after_plain_ones() -> None:
    assert added("import re\n", "os:path") == "import re\nfrom os import path\n"


def test_the_standard_library_has_its_own_block() -> None:
    code = "import os\nimport sys\n\nimport numpy as np\nimport pandas as pd\n"
    expected = (
        "import os\nimport re\nimport sys\n\nimport numpy as np\nimport pandas as pd\n"
    )
    assert added(code, "re") == expected


def test_others_go_to_the_last_block() -> None:
    code = "import os\n\nimport numpy as np\nimport pandas as pd\n"
    assert added(code, "attrs") == (
        "import os\n\nimport attrs\nimport numpy as np\nimport pandas as pd\n"
    )


def test_after_the_docstring() -> None:
    assert added('"""Doc."""\n\nx = 1\n', "os") == '"""Doc."""\n\nimport os\n\nx = 1\n'
    assert added('"""Doc."""\nx = 1\n', "os") == '"""Doc."""\n\nimport os\n\nx = 1\n'


def test_after_future_imports() -> None:
    code = "from __future__ import annotations\n\nx = 1\n"
    assert added(code, "os") == (
        "from __future__ import annotations\n\nimport os\n\nx = 1\n"
    )


def test_an_expression_at_the_top_is_no_docstring() -> None:
    assert added("1\nx = 1\n", "os") == "import os\n\n1\nx = 1\n"


def test_after_shebang_and_licence() -> None:
    code = "#!/usr/bin/env python\n# Copyright\n\n# The answer.\nx = 42\n"
    assert added(code, "os") == (
        "#!/usr/bin/env python\n# Copyright\n\nimport os\n\n# The answer.\nx = 42\n"
    )
    assert (
        added("#!/bin/python\nx = 1\n", "os") == "#!/bin/python\nimport os\n\nx = 1\n"
    )


def test_before_decorators() -> None:
    code = "@a\ndef f(): pass\n"
    assert added(code, "os") == "import os\n\n\n" + code


def test_one_line_before_what_is_no_definition() -> None:
    assert added("f()\n", "os") == "import os\n\nf()\n"


def test_lines_end_as_the_file_ends_them() -> None:
    assert (
        added("import sys\r\nx = 1\r\n", "os") == "import os\r\nimport sys\r\nx = 1\r\n"
    )
    assert added("x = 1\r\n", "os") == "import os\r\n\r\nx = 1\r\n"
    assert added("x = 1\rx = 2\r", "os") == "import os\r\rx = 1\rx = 2\r"


def test_no_final_newline() -> None:
    assert added("import re", "sys") == "import re\nimport sys"
    assert added('"""Doc."""', "sys") == '"""Doc."""\n\nimport sys'
    assert added("x = 1", "sys") == "import sys\n\nx = 1"


def test_a_line_that_goes_on_needs_it_at_once() -> None:
    assert added("import os; os.system('x')\n", "re") == (
        "import re\n\nimport os; os.system('x')\n"
    )
    assert added("'doc'; x = 1\n", "re") == "'doc'; import re; x = 1\n"


def test_a_long_import_is_not_torn() -> None:
    code = "from a import (\n    b,\n    c,\n)\n\nx = 1\n"
    assert added(code, "z:y") == code[:-7] + "from z import y\n\nx = 1\n"


def test_several_at_once() -> None:
    assert added("import os\nimport sys\n", "re", "abc", "zlib") == (
        "import abc\nimport os\nimport re\nimport sys\nimport zlib\n"
    )


@pytest.mark.parametrize("code", ["", "\n", "# only a comment\n"])
def test_files_without_code(code: str) -> None:
    assert added(code, "os") == code + "import os\n"
