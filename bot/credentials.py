"""An App's credentials in a file: lines `NAME=value`, and the private key beside it.

The same file is a systemd `EnvironmentFile=` and a Docker `env_file`.
"""

from __future__ import annotations

import os
import re
import stat
import tempfile
from collections.abc import Mapping, MutableMapping

from bot.access import KEY_FILE
from bot.settings import SettingsError

APP = "CODEMOD_APP_ID"
LOGIN = "CODEMOD_LOGIN"
URL = "CODEMOD_GITHUB_URL"
LINE = re.compile(r"([A-Z][A-Z0-9_]*)=(.*)")
LOOSE = 0o027  # the group may read (systemd's credentials are so), and no more
PRIVATE = "chmod 600"


def load(path: str, environ: MutableMapping[str, str]) -> None:
    """Put a file's lines into the environment, whatever was there under their names.

    The private key is looked for beside the file first, where the two were moved
    together. Raises SettingsError, and where others may read either of them.
    """
    found = parsed(path, private_text(path))
    if KEY_FILE in found:
        key = os.path.join(os.path.dirname(path), os.path.basename(found[KEY_FILE]))
        found[KEY_FILE] = key if os.path.exists(key) else found[KEY_FILE]
        private_text(found[KEY_FILE])
    environ.update(found)


def parsed(path: str, text: str) -> dict[str, str]:
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = LINE.fullmatch(line.strip())
        if match is None:  # the line itself may be a secret
            raise SettingsError(f"{path}: line {number}: write NAME=value")
        name, value = match.groups()
        quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
        found[name] = value[1:-1] if quoted else value
    return found


def private_text(path: str) -> str:
    """What is in a file of ours. Raises SettingsError where others may read it."""
    try:
        with open(path, encoding="utf-8") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            if mode & LOOSE:
                told = f"{path}: others may read or change it ({stat.filemode(mode)})"
                raise SettingsError(f"{told}: {PRIVATE} {path}")
            return stream.read()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "is not text"
        raise SettingsError(f"{path}: {reason}") from error


def key_beside(path: str) -> str:
    """Where the private key goes whose credentials go to `path`."""
    return os.path.splitext(path)[0] + ".pem"


def check_free(path: str, force: bool) -> None:
    """Raise SettingsError where `write` could not keep credentials at `path`."""
    folder = os.path.dirname(os.path.abspath(path))
    if not os.access(folder, os.W_OK | os.X_OK):
        raise SettingsError(f"{folder}: no files can be made there")
    for each in (path, key_beside(path)):
        if os.path.lexists(each) and not force:
            raise SettingsError(f"{each} is there already; --force replaces it")


def write(path: str, values: Mapping[str, str], key: str, force: bool) -> None:
    """Keep an App's credentials and its key, readable by nobody else at any moment.

    Raises SettingsError; without `force` also where one of the files is there.
    """
    beside = key_beside(path)
    named = {**values, KEY_FILE: os.path.abspath(beside)}
    try:
        put(beside, key, force)
        put(path, "".join(f"{k}={v}\n" for k, v in named.items()), force)
    except OSError as error:
        raise SettingsError(
            f"{error.filename2 or error.filename}: {error.strerror}"
        ) from error


def put(path: str, text: str, force: bool) -> None:
    """A whole file or none. `mkstemp` makes it with mode 600, by O_EXCL."""
    folder = os.path.dirname(os.path.abspath(path))
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".codemod-bot-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        if force:
            os.replace(temporary, path)
        else:
            os.link(temporary, path)
    finally:
        if os.path.exists(temporary):
            os.unlink(temporary)
