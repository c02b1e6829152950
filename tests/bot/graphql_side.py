"""GraphQL on the stand-in: GitHub's own schema says what may be asked and answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def executed(
    schema: Any, root: dict[str, Any], asked: dict[str, Any]
) -> tuple[dict[str, Any], str | None]:
    """The answer, and what is wrong with the question or with an answer of ours."""
    from graphql import execute, parse, validate

    document = parse(asked["query"])
    wrong = validate(schema, document)
    if wrong:
        return {"errors": [{"message": wrong[0].message}]}, repr(wrong)
    found: Any = execute(
        schema, document, root, variable_values=asked.get("variables", {})
    )
    if not found.errors:
        return {"data": found.data}, None
    errors = found.errors
    said = [{"type": "UNPROCESSABLE", "message": each.message} for each in errors]
    ours = all(isinstance(each.original_error, Refusal) for each in errors)
    problem = None if ours else repr(errors)
    return {"data": found.data, "errors": said}, problem


class Refusal(ValueError):
    """What GitHub would answer with errors."""


def mutation(do: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[..., Any]:
    """A resolver: a ValueError is a refusal."""

    def resolve(info: object, input: dict[str, Any]) -> dict[str, Any]:
        try:
            return do(input)
        except ValueError as error:
            raise Refusal(str(error)) from error

    return resolve


def commit(sha: str) -> dict[str, Any]:
    return {"__typename": "Commit", "oid": sha}
