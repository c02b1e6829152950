"""Which keys a config may have and what may stand in them.

The keys of a codemod's table are its options; their defaults give the types.
"""

from __future__ import annotations

from collections.abc import Mapping

from codemods.names import UsageError, did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from codemods.model import OptionValue
    from codemods.registry import Entry

    Schema = Mapping[str, "OptionValue | Schema"]

STRINGS: tuple[str, ...] = ()
KINDS = {
    bool: "true or false",
    int: "a whole number",
    str: "a string",
    tuple: "a list of strings",
}


def schema_of(entries: Sequence[Entry]) -> Schema:
    """Every key of the table, with a value of its type or the schema of its table."""
    codemods = {entry.name: entry.options for entry in entries}
    lists = {"select": STRINGS, "exclude": STRINGS, "codemods": STRINGS}
    return {**lists, "unsafe-fixes": False, "include-sql": False, **codemods}


def override_schema_of(entries: Sequence[Entry]) -> Schema:
    keys = {**schema_of(entries), "paths": STRINGS}
    del keys["exclude"], keys["codemods"], keys["include-sql"]
    return keys


def check_table(place: str, where: str, table: Any, entries: Sequence[Entry]) -> None:
    """Raise UsageError unless a table, and each override in it, is as it should be."""
    plain = table
    overrides: Any = ()
    if isinstance(table, dict):
        plain = {key: value for key, value in table.items() if key != "overrides"}
        overrides = table.get("overrides", ())
    check(place, where, plain, schema_of(entries))
    where = f"{where}.overrides"
    if not isinstance(overrides, list | tuple):
        raise UsageError(f"{place}: write overrides as [[{where}]]")
    for item in overrides:
        check(place, where, item, override_schema_of(entries))
        if not item.get("paths"):
            raise UsageError(f"{place}: [[{where}]] needs paths")
    for item in (plain, *overrides):
        check_selected(place, item, schema_of(entries))


def check(place: str, where: str, table: object, schema: Schema) -> None:
    """Raise UsageError, naming `place`, for the first key that does not fit."""
    if not isinstance(table, dict):
        raise UsageError(f"{place}: [{where}] must be a table, not {table!r}")
    for key, value in table.items():
        if key not in schema:
            near = did_you_mean(key, schema)
            raise UsageError(f"{place}: [{where}] has no key {key!r}{near}")
        kind = schema[key]
        if isinstance(kind, Mapping):
            check(place, f"{where}.{key}", value, kind)
        elif not is_like(value, kind):
            raise UsageError(
                f"{place}: [{where}] {key} must be {KINDS[type(kind)]}, not {value!r}"
            )


def is_like(value: object, kind: OptionValue) -> bool:
    if isinstance(kind, tuple):
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return type(value) is type(kind)


def check_selected(place: str, table: Mapping[str, Any], schema: Schema) -> None:
    codemods = [name for name, kind in schema.items() if isinstance(kind, Mapping)]
    for name in table.get("select", ()):
        if name not in (*codemods, "all"):
            near = did_you_mean(name, codemods)
            raise UsageError(f"{place}: select: no codemod is called {name!r}{near}")


def with_setting(
    table: Mapping[str, Any], setting: str, schema: Schema, within: str = ""
) -> dict[str, Any]:
    """The table with one `KEY=VALUE` or `CODEMOD.KEY=VALUE` in it.

    `within` is what stands before the key where the table is a codemod's. Raises
    UsageError where it cannot be read or its key is unknown.
    """
    whole = f"--set {within}{setting}"
    key, equals, text = setting.partition("=")
    name, dot, option = key.strip().partition(".")
    if name not in schema:
        near = did_you_mean(name, schema)
        raise UsageError(f"{whole}: there is no key {name!r}{near}")
    kind = schema[name]
    if not equals or isinstance(kind, Mapping) != bool(dot):
        raise UsageError(f"{whole}: write KEY=VALUE or CODEMOD.KEY=VALUE")
    if isinstance(kind, Mapping):
        inner = table.get(name, {})
        return {
            **table,
            name: with_setting(inner, f"{option}={text}", kind, f"{name}."),
        }
    return {**table, name: valued(within + setting, text.strip(), kind)}


def valued(setting: str, text: str, kind: OptionValue) -> object:
    match kind:
        case bool() if text in ("true", "false"):
            return text == "true"
        case int() if not isinstance(kind, bool) and text.lstrip("+-").isdecimal():
            return int(text)
        case str():
            return text
        case tuple():
            return [item.strip() for item in text.split(",") if item.strip()]
    raise UsageError(f"--set {setting}: must be {KINDS[type(kind)]}, not {text!r}")
