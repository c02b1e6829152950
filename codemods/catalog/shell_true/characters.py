"""What one character of a shell command is, outside quotes."""

from __future__ import annotations

from codemods.catalog.shell_true.tokens import NEWLINE, Atom, Hole, Piece, Refused, Text

OPERATORS = (
    *("<<<", "<<-", "&>>", "&&", "||", ";;", "<<", ">>", "<&", ">&", "<>", ">|"),
    *("&>", "<(", ">(", "|&", "|", "&", ";", "<", ">", "(", ")", NEWLINE),
)
EXPANSIONS = {
    "*": "it is a glob",
    "?": "it is a glob",
    "[": "it is a glob",
    "`": "it is a command substitution",
}


def operator_at(atoms: list[Atom], at: int) -> str | None:
    if atoms[at] not in ("|", "&", ";", "<", ">", "(", ")", NEWLINE):
        return None
    ahead = "".join(
        atom if isinstance(atom, str) else " " for atom in atoms[at : at + 3]
    )
    return next(text for text in OPERATORS if ahead.startswith(text))


def continued(atoms: list[Atom], at: int) -> bool:
    """Whether a line is continued here: a backslash before a newline."""
    return atoms[at] == "\\" and atoms[at + 1 : at + 2] == [NEWLINE]


def escaped(atoms: list[Atom], at: int) -> str:
    """The character behind a backslash."""
    match atoms[at + 1 : at + 2]:
        case [str(character)]:
            check_control(character, at)
            return character
        case [Hole()]:
            raise Refused("a backslash", "stands before a placeholder", at)
    raise Refused("a backslash", "ends the command", at)


def check_bare(atoms: list[Atom], at: int, before: list[Piece]) -> None:
    """Refuse a character outside quotes that is not just itself."""
    character = str(atoms[at])
    check_control(character, at)
    if character in EXPANSIONS or character == "$":
        raise expansion(character, atoms, at)
    if character == "#" and not before:
        raise Refused("`#`", "begins a comment", at)
    if character == "~":
        match before[-1:]:
            case [Text(value)] if value and value[-1] not in "=:":
                return
        raise Refused("`~`", "needs a shell: it is a home directory", at)


def check_control(character: str, at: int) -> None:
    if character == "\x7f" or (character < " " and character not in "\t\n\r"):
        raise Refused(f"the control character {character!r}", "is in it", at)


def expansion(character: str, atoms: list[Atom], at: int) -> Refused:
    if character != "$":
        shown = "a backtick" if character == "`" else f"`{character}`"
        return Refused(shown, f"needs a shell: {EXPANSIONS[character]}", at)
    name = ""
    for atom in atoms[at + 1 :]:
        if not isinstance(atom, str) or not (atom.isalnum() or atom == "_"):
            break
        name += atom
    follows = atoms[at + 1 : at + 2]
    if follows == ["("]:
        return Refused("`$(`", "needs a shell: it is a command substitution", at)
    if follows == ["{"]:
        return Refused("`${`", "needs a shell: it is a variable", at)
    return Refused(f"`${name}`", "needs a shell: it is a variable", at)
