"""The environment in which git meets a repository that is not ours."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, MutableMapping
from urllib.parse import urlsplit

ASKED = "CODEMOD_ASKED"  # the variable, of git alone, that has the token
USER = "x-access-token"
PROGRAM = f"""\
#!/bin/sh
case "$1" in
Username*) echo {USER} ;;
*) printf '%s\\n' "$CODEMOD_ASKED" ;;
esac
"""
HARDENED = {
    "core.hooksPath": "/dev/null",
    "core.symlinks": "false",
    "core.fsmonitor": "false",
    "core.attributesFile": "/dev/null",
    "credential.helper": "",
    "fetch.recurseSubmodules": "false",
    "gc.auto": "0",
    "http.followRedirects": "initial",
    "protocol.version": "2",
    "safe.directory": "*",
    "submodule.recurse": "false",
    "transfer.credentialsInUrl": "die",
}

# What `git rev-parse --local-env-vars` names, and what makes git talk: of the one who
# calls us (a hook, perhaps), and about another repository.
INHERITED = re.compile(
    "GIT_(TRACE.*|PYTHON_TRACE|CURL_VERBOSE|DIR|WORK_TREE|IMPLICIT_WORK_TREE|COMMON_DIR|(INTERNAL_SUPER_)?PREFIX"
    "|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|SHALLOW_FILE"
    "|GRAFT_FILE|NO_REPLACE_OBJECTS|REPLACE_REF_BASE|NAMESPACE|QUARANTINE_PATH"
    "|CONFIG|CONFIG_PARAMETERS|CONFIG_COUNT|CONFIG_KEY_.*|CONFIG_VALUE_.*)"
)


def disinherit(environ: MutableMapping[str, str]) -> None:
    """Forget what is said in our own environment of some other repository."""
    for name in filter(INHERITED.fullmatch, list(environ)):
        del environ[name]


def executable(path: str, flags: int) -> int:
    return os.open(path, flags, 0o700)


def environment(path: str, url: str, token: str | None, home: str) -> Mapping[str, str]:
    """What git may know and do with the repository at `path`, which is not ours.

    The program that git asks for the token is put into the private folder `home`.
    """
    askpass = os.path.join(home, "askpass")
    with open(askpass, "x", opener=executable) as stream:
        stream.write(PROGRAM)
    config = {
        f"GIT_CONFIG_{part}_{number}": value
        for number, item in enumerate(HARDENED.items())
        for part, value in zip(("KEY", "VALUE"), item, strict=True)
    }
    scheme = urlsplit(url).scheme if "://" in url else "file"
    return config | {
        "GIT_CONFIG_COUNT": str(len(HARDENED)),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_ALLOW_PROTOCOL": scheme,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_LFS_SKIP_SMUDGE": "1",
        "GIT_ASKPASS": askpass,
        "GIT_DIR": path,
        ASKED: token or "",
        "HOME": home,
        "LC_ALL": "C",
    }
