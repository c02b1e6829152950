"""The questions as they stand on a terminal, and what is answered there."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from codemods.diff import unified
from codemods.interactive.asking import Answer, Apply, Edit, Ignore, Skip, edited
from codemods.model import Finding, Result
from codemods.terminal import painted, wants_colour

QUESTION = "Make this fix [y,n,i,e,a,d,q,?]? "
HELP = """\
y - make this fix
n - leave it
i - leave it for good: write a comment with your reason
e - edit it first
a - make this fix and all safe ones that follow in the file
d - leave it and all that follow in the file
q - quit; what was answered is written
? - print this help
"""


def ask(finding: Finding, result: Result) -> Answer:
    """Show a fix and ask about it until there is an answer."""
    show(finding, result)
    while True:
        match input(QUESTION).strip().lower():
            case "y":
                return Apply()
            case "n":
                return Skip()
            case "a":
                return Apply(all=True)
            case "d":
                return Skip(all=True)
            case "q":
                return "quit"
            case "i":
                return Ignore(input("Why? ").strip())
            case "e":
                answer = by_editor(finding, result)
                if answer is not None:
                    return answer
            case _:
                print(HELP, end="")


def show(finding: Finding, result: Result) -> None:
    path = result.source.path
    where = f"{path}:{finding.line}"
    print(f"\n{finding.codemod}  {where}  {finding.message}")
    if finding.caveat:
        print(f"unsafe: {finding.caveat}")
    sys.stdout.flush()
    made = finding.rewrite.diff.encode() if finding.rewrite else b""
    if not made:
        after = (finding.after or "").encode()
        made = unified(path, finding.before.encode(), after)
    body = b"".join(made.splitlines(keepends=True)[3:])  # the names are said above
    sys.stdout.buffer.write(painted(body) if wants_colour(sys.stdout) else body)
    sys.stdout.flush()


def by_editor(finding: Finding, result: Result) -> Edit | None:
    """What a person makes of a fix in their editor; None to be asked again."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    with tempfile.TemporaryDirectory(prefix="codemod-") as folder:
        file = Path(folder, "fix.py")
        file.write_text(finding.after or "", encoding="utf-8")
        try:
            done = subprocess.run([*shlex.split(editor), str(file)], check=False)
        except OSError as error:
            print(f"{editor} cannot be run: {error.strerror}; set EDITOR")
            return None
        if done.returncode:
            print(f"{editor} ended with {done.returncode}; nothing was taken from it")
            return None
        code = file.read_text(encoding="utf-8")
    try:
        edited(result.source.code, finding, code)
    except SyntaxError as error:
        print(f"That is not valid Python: {error}")
        return None
    except LookupError as error:
        print(f"It cannot be edited: {error}")
        return None
    return Edit(code)
