"""The lexer against written cases, and against real shells."""

from __future__ import annotations

import shutil
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from codemods.catalog.shell_true.lexer import lex
from codemods.catalog.shell_true.script import read
from codemods.catalog.shell_true.tokens import Hole, Operator, Refused, Word
from tests.shell_true.shells import (
    NAMES,
    Sample,
    Seen,
    Shells,
    every_name,
    expected,
    rendered,
    samples,
)

if TYPE_CHECKING:
    from pathlib import Path

SEED = 3
SHELLS = [
    pytest.param(
        name, marks=pytest.mark.skipif(not shutil.which(name), reason="absent")
    )
    for name in ("dash", "bash")
]


def words(text: str) -> list[str | None]:
    return [word.text for word in read((text,)).commands[0].words]


@pytest.mark.parametrize(
    ("text", "expected_words"),
    [
        ("git log  -1", ["git", "log", "-1"]),
        ("jq -r '.a | .b' x", ["jq", "-r", ".a | .b", "x"]),
        ('a "b \\" \\$ \\x"', ["a", 'b " $ \\x']),
        ("a 'it'\\''s'", ["a", "it's"]),
        ("a '' \"\"", ["a", "", ""]),
        ("a b\\\n  c", ["a", "b", "c"]),
        ("a b\\\nc", ["a", "bc"]),
        ("a b\r", ["a", "b\r"]),
        ("a b#c x~ HEAD~2", ["a", "b#c", "x~", "HEAD~2"]),
        (
            "find . -name '*.py' -exec rm {} \\;",
            ["find", ".", "-name", "*.py", "-exec", "rm", "{}", ";"],
        ),
        ("git log @{u}", ["git", "log", "@{u}"]),
        ("\n  make all\n", ["make", "all"]),
        ("make all;", ["make", "all"]),
        ("exec make", ["make"]),
        ("a\u00a0b c", ["a\u00a0b", "c"]),
    ],
)
def test_words(text: str, expected_words: list[str]) -> None:
    assert words(text) == expected_words


@pytest.mark.parametrize(
    ("text", "reason", "position"),
    [
        ("ls *.py", "`*` needs a shell: it is a glob", 3),
        ("ls a?", "`?` needs a shell: it is a glob", 4),
        ("rm -r $HOME/x", "`$HOME` needs a shell: it is a variable", 6),
        ('a "${x}"', "`${` needs a shell: it is a variable", 3),
        ("a $(b)", "`$(` needs a shell: it is a command substitution", 2),
        ('a "`b`"', "a backtick needs a shell: it is a command substitution", 3),
        ("ls ~", "`~` needs a shell: it is a home directory", 3),
        ("a --x=~/y", "`~` needs a shell: it is a home directory", 6),
        ("a # b", "`#` begins a comment", 2),
        ("a {b,c}", "`{` needs a shell: bash makes several words of it", 2),
        ("a; b", "`;` needs a shell: it makes several commands", 1),
        ("a\nb", "a newline needs a shell: it makes several commands", 1),
        ("a || b", "`||` needs a shell: it decides by the exit status", 2),
        ("a &", "`&` needs a shell: it runs in the background", 2),
        ("(a)", "`(` needs a shell: it is a subshell", 0),
        ("a <<E\n", "`<<` needs a shell: it is a here-document", 2),
        ("a &> b", "`&>` means something else in sh than in bash", 2),
        ("cd x", "`cd` needs a shell: it is a builtin", 0),
        ("if x", "`if` needs a shell: it is a reserved word", 0),
        ("-x", "`-` at the start is an option of the shell", 0),
        ("%1", "`%1` is no program's name", 0),
        ("PATH=x a", "`PATH=` is a variable of the shell's own", 0),
        ("x=1", "a command is missing here", 3),
        ("a 'b", "`'` is never closed", 2),
        ("a b\\", "a backslash ends the command", 3),
        ("a 10>b", "`10` before `>` is no descriptor in sh", 2),
        ("a 3>b", "`3>` needs a shell", 2),
        ("a \x01", "the control character '\\x01' is in it", 2),
        ("a >/dev/stderr", "`/dev/stderr` is the shell's own stream", 3),
        (" ", "the command is empty", 0),
    ],
)
def test_refusals_name_the_construct_and_its_place(
    text: str, reason: str, position: int
) -> None:
    with pytest.raises(Refused) as caught:
        read((text,))
    assert (str(caught.value), caught.value.position) == (reason, position)


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        (("a ", Hole(0), ">b"), "a placeholder before `>` may name a descriptor"),
        (("a 1", Hole(0), "<b"), "a placeholder before `<` may name a descriptor"),
        (("a \\", Hole(0)), "a backslash stands before a placeholder"),
        (("a {", Hole(0), "}"), "`{` needs a shell: bash makes several words of it"),
        ((Hole(0), "=1 a"), "the command word may be an assignment"),
    ],
)
def test_placeholders_that_could_become_syntax(
    template: tuple[str | Hole, ...], reason: str
) -> None:
    with pytest.raises(Refused, match="^" + reason.replace("{", "\\{") + "$"):
        read(template)


def test_tokens_know_where_they_stand() -> None:
    tokens = lex(("A=1 ", Hole(0), " 'b c' 2>&1"))
    assert [(token.start, token.end) for token in tokens] == [
        *((0, 3), (4, 5), (6, 11)),
        *((12, 15), (15, 16)),
    ]
    match tokens[3:]:
        case [Operator(">&", descriptor=2), Word() as target]:
            assert target.text == "1"
        case other:
            pytest.fail(f"no redirection: {other}")


def test_joins_and_directory() -> None:
    script = read(("cd /x && a | b &&\n c",))
    assert script.joins == ("|", "&&")
    assert script.directory is not None
    assert script.directory.text == "/x"
    assert [command.words[0].text for command in script.commands] == ["a", "b", "c"]


@pytest.mark.parametrize("shell", SHELLS)
def test_what_is_accepted_is_what_the_shell_does(shell: str, tmp_path: Path) -> None:
    usual = accepted(NAMES, 2100)
    odd = accepted(every_name(), 300)
    shells = Shells.prepare(tmp_path)
    shells.install({seen.name for _, seen in odd})
    got = shells.run(shell, [rendered(sample) for sample, _ in usual + odd])
    wrong = [
        (rendered(sample), seen, real)
        for (sample, seen), real in zip(usual + odd, got, strict=True)
        if seen != real
    ]
    assert wrong == []


def accepted(names: tuple[str, ...], count: int) -> list[tuple[Sample, Seen]]:
    pairs = ((sample, expected(sample)) for sample in samples(SEED, names))
    return list(islice(((s, seen) for s, seen in pairs if seen is not None), count))
