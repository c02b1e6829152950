"""The first program in a sandbox: lays out files, gives up rights, starts the trial.

Read as text and given to the target's interpreter, whatever its version, so nothing of
ours is imported. Standard input holds one JSON object; see `sandbox.order`.
"""

import base64
import json
import os
import resource
import sys


def launch(order: dict) -> None:  # type: ignore[type-arg]
    base = order["base"]
    for name in ("home", "tmp", "work"):
        os.mkdir(os.path.join(base, name))
    for name, data in order["files"].items():
        path = os.path.join(base, "work", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))
    if order["user"]:
        give_up_root(base, order["user"])
    os.chdir(os.path.join(base, "work"))
    for name, value in order["limits"].items():
        _, most = resource.getrlimit(getattr(resource, name))
        value = value if most == resource.RLIM_INFINITY else min(value, most)
        resource.setrlimit(getattr(resource, name), (value, value))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.execve(order["argv"][0], order["argv"], order["environment"])


def give_up_root(base: str, user: int) -> None:
    """Root is bound by no limit on processes: become a user that nobody is."""
    for folder, _, names in os.walk(base):
        for path in [folder, *(os.path.join(folder, name) for name in names)]:
            os.chown(path, user, user)
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)


launch(json.load(sys.stdin))
