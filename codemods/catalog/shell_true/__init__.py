"""A shell command that is provably one program becomes a list.

With `shell=True` a shell reads the text of a command, and with it whatever a file
name, a parameter or a request has put there. A list goes to the program as it is. This
codemod rewrites `subprocess.run`, `call`, `check_call`, `check_output`, `Popen` and
`getoutput`, `os.system`, `os.popen` and `asyncio.create_subprocess_shell`, under any
name they are imported by, wherever the words of the command can be told without
running it: literals, f-strings, `%`, `.format`, `+`, `join`, in a variable or grown by
`+=`.

What a shell would do with the text is decided by a lexer for the part of POSIX sh that
dash and bash read alike; everything else is declined, with the construct that needs a
shell. It is never enough to flip `shell=True`: a command that stays one string then
names a program that does not exist.

## Quoted placeholders

Quoting that was there for the shell goes, and so do the assignment and the import that
only served it.

```python
import shlex
import subprocess


def validate(file_paths):
    file_pattern_safe = " ".join(shlex.quote(path) for path in file_paths)
    subprocess.run(f"jq -r '.team_abbrev + ...' {file_pattern_safe}", shell=True, check=False)
```

becomes

```python
import subprocess


def validate(file_paths):
    subprocess.run(["jq", "-r", ".team_abbrev + ...", *file_paths], check=False)
```

A placeholder between quotes, as in `'{path}'`, was one word already: the fix is safe.
A value that holds the quotation mark itself broke out of them before, and is just text
now. Within double quotes a shell also expanded `$`, a backtick and a backslash that came
with the value; they stay as they are now.

## Other placeholders

Without quotes around it, a value that held a space was several words, and `*` in it a
pattern. That is hardly ever meant, but it is another command: the fix is unsafe.

```python
import os


def touch(log_path: str, count: int):
    os.system("touch " + log_path)
    os.system(f"head -n {count} /etc/passwd > '{log_path}'")
```

becomes

```python
import subprocess


def touch(log_path: str, count: int):
    subprocess.run(["touch", log_path])
    with open(log_path, "wb") as out:
        subprocess.run(["head", "-n", str(count), "/etc/passwd"], stdout=out)
```

Values that are known to be numbers need no quotes, and neither do those among a few
that the file writes out: what a loop over a list takes in turn, a table's values, what
argparse takes. What `repr()` quoted is one word too, except for quotation marks and
backslashes in it: unsafe. Where the file passes a value to `os.path.expanduser`
elsewhere, it does so in the list too, for the shell did. A value of an unknown type is
written as `str(value)`, which is what formatting made of it, unless its class has a
`__format__` of its own (an Enum of str has, before Python 3.11). A choice like `"-v" if
verbose else ""` was one word or none, and becomes `*(["-v"] if verbose else [])`.

## Commands in variables

The variable holds the list from where it is made. Where it is also logged,
`shlex.join` gives the text back. A constant of the module that other files may import
stays as it is, and its words stand at the call. A list that grows by `append`,
`extend` or `+=` and was joined for the shell is the command itself, where each item is
words of its own.

```python
import subprocess


def log(verbose, revision: int):
    command = "git log"
    if verbose:
        command += " --stat"
    command += f" -n {revision}"
    subprocess.run(command, shell=True, check=True)
```

becomes

```python
import subprocess


def log(verbose, revision: int):
    command = ["git", "log"]
    if verbose:
        command += ["--stat"]
    command += ["-n", str(revision)]
    subprocess.run(command, check=True)
```

## Redirections, pipes and directories

| command | becomes | |
|---|---|---|
| `> file`, `>> file`, `< file` | `with open(...) as out:` and `stdout=out` | safe |
| `> /dev/null`, `2> /dev/null`, `2>&1` | `subprocess.DEVNULL`, `subprocess.STDOUT` | safe |
| `X=1 command` | `env={**os.environ, "X": "1"}` | safe |
| `cd directory && command` | `cwd=directory` | unsafe |
| `a \\| b`, up to four programs | a `Popen` for each whose output the next one reads | unsafe |
| `a && b`, result not used | one call after the other | unsafe |

A function or method of the file that only hands its parameter to a shell is rewritten
together with its callers, where all that may mean it is a call in the file: unsafe, for
callers in other files pass text.

## What is declined

A command stays, with its reason, where it needs a shell (`;`, `||`, `&`, subshells,
here-documents, substitutions, patterns, `~`, variables, builtins), where its text is
not in view, where a placeholder reads like several words or like text that is quoted
already, where the wait status of `os.system` is used as a number, where a test in the
file replaces the function (`mock.patch("os.system")`), where a comment stands within
the command, where arguments after it are given by position, where code in view
reads `.args` or `.cmd` or tests for status 126 or 127, where values with effects would
be evaluated in another order, where `open` or `str` is not the builtin. Where in such a
case a parameter, the environment, the command line or a request reaches the text, the
finding is urgent: a shell is needed, and outside text reaches it.

## What else differs

- A missing program is FileNotFoundError, not status 127. Where the program looks at the
  status, or at the CalledProcessError that it catches, or hands the result on, the fix is
  unsafe, unless the program is one that POSIX requires. Callers in other files are not in
  view. A handler that only catches CalledProcessError, around nothing else that may
  raise OSError, is made to catch that too. A program that may not be executed is PermissionError, not 126.
- A file that cannot be opened for a redirection is OSError: unsafe in the same places.
- A named pipe is opened in Python, which waits there for its other end: declined in a
  file that makes some.
- `os.system` and `os.popen` handed inheritable descriptors on; `subprocess.run` closes
  them: unsafe in a file that makes some inheritable.
- A script without a `#!` line ran under the shell; now it is OSError 8: unsafe where the
  program's name ends like a script's.
- `.args`, and `.cmd` of CalledProcessError, hold a list, and its message shows one.
- A list that grows by `+=` is the one in `.args` of every call before.
- A command in a constant of the module is read in this file: what another file assigns
  to it does not count.
- `shlex.quote(None)` was an empty argument. None in a list is TypeError, and `None`
  within a longer word: unsafe where None is in view.
- `cd ''` stayed where it was; `cwd=""` is FileNotFoundError.
- A program that died by a signal is reported as `-15`; a shell may have reported 143:
  unsafe where the code compares a status with such a number.
- Ctrl-C during `os.system` reached the program alone; `subprocess.run` raises
  KeyboardInterrupt too: unsafe for programs that are left by it, as `less` or `tail -f`.
- A shell sets `PWD`, and bash `SHLVL` and `_`, for what it runs: unsafe for `env` and
  `printenv` that list it. dash leaves out variables whose names are none of a shell's.
- One argument could not be longer than 128 KiB within `sh -c`; now each can be.
- `executable=` names the shell, and goes with it.

## Windows

There `shell=True` runs cmd.exe, whose quoting none of this describes. A call that only
runs on Windows (by a test of `os.name`, `sys.platform` or `platform.system()`, around it
or before it) is declined. A
list works there too, except for programs that are `.cmd` or `.bat` scripts (npm, yarn,
code): these are found by a shell only, and need `shutil.which`.

## A list with `shell=True`

It runs the first item and drops the others, which become parameters of the shell. That
is a bug; taking `shell=True` away is offered as an unsafe fix.
"""  # noqa: E501

from __future__ import annotations

import ast

from codemods.catalog.shell_true.judge import judge
from codemods.model import Codemod

CODEMOD = Codemod(
    module=__name__,
    page=__doc__,
    message="a shell parses this command",
    words=(b"shell", b"system", b"popen", b"getoutput", b"getstatusoutput"),
    pattern=rb"\bshell\s*=(?!=)"
    rb"|\b(?:system|popen|getoutput|getstatusoutput|create_subprocess_shell)"
    rb"(?=[\s\\]*\(|\s+as\b)",
    ignored_by=("S602", "S604", "S605", "B602", "B604", "B605"),
    trial=f"{__name__}.trial:trial",
)
CODEMOD.on(ast.Call)(judge)
