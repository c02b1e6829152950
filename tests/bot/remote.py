"""A real git server over loopback: `git http-backend` behind a token."""

from __future__ import annotations

import base64
import os
import subprocess
import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from http.server import HTTPServer
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

TOKEN = "ghs_c0demodSecretc0demodSecret"
EXPIRED: list[str] = []  # parts of paths for which the token is none any more
IDENTITY = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org")
ENVIRONMENT = {
    **os.environ,
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_DATE": "1700000000 +0000",
    "GIT_COMMITTER_DATE": "1700000000 +0000",
}


def git(folder: Path, *arguments: str, stdin: bytes | None = None) -> str:
    done = subprocess.run(
        ["git", *IDENTITY, *arguments],
        cwd=folder,
        env=ENVIRONMENT,
        input=stdin,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().strip()


class Work:
    """A person's clone, beside the bare repository it pushes to."""

    def __init__(self, folder: Path) -> None:
        self.bare = folder / "remote.git"
        self.path = folder / "work"
        self.path.mkdir()
        git(folder, "init", "-q", "--bare", "-b", "main", str(self.bare))
        for key in ("http.receivepack", "uploadpack.allowFilter"):
            git(self.bare, "config", key, "true")
        git(self.bare, "config", "uploadpack.allowAnySHA1InWant", "true")
        git(self.path, "init", "-q", "-b", "main")
        git(self.path, "remote", "add", "origin", str(self.bare))

    def write(self, **files: str) -> None:
        for name, text in files.items():
            path = self.path / name.replace("__", "/").replace("_py", ".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def push(self, branch: str = "main") -> str:
        git(self.path, "add", "-A")
        git(self.path, "commit", "-q", "--allow-empty", "-m", "work")
        git(self.path, "push", "-q", "origin", f"HEAD:refs/heads/{branch}")
        return git(self.path, "rev-parse", "HEAD")

    def tips(self) -> dict[str, str]:
        out = git(self.bare, "for-each-ref", "--format=%(refname:short) %(objectname)")
        return dict(line.split(" ") for line in out.splitlines())

    def show(self, branch: str, path: str) -> str:
        return git(self.bare, "show", f"{branch}:{path}")


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Requests are not of interest."""


def basic(token: str) -> str:
    return "Basic " + base64.b64encode(f"x-access-token:{token}".encode()).decode()


def backend(
    root: Path, tokens: Collection[str]
) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    def answer(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        refused = any(name in environ["PATH_INFO"] for name in EXPIRED)
        given = environ.get("HTTP_AUTHORIZATION")
        if given not in [basic(token) for token in tokens] or refused:
            start("401 Unauthorized", [("WWW-Authenticate", 'Basic realm="git"')])
            return [b""]
        names = ("PATH_INFO", "QUERY_STRING", "REQUEST_METHOD", "CONTENT_TYPE")
        request = {name: environ.get(name, "") for name in names}
        size = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(size) if size else chunks(environ)
        done = subprocess.run(
            ["git", "http-backend"],
            env={
                **ENVIRONMENT,
                **request,
                "GIT_PROJECT_ROOT": str(root),
                "GIT_HTTP_EXPORT_ALL": "1",
                "GIT_PROTOCOL": environ.get("HTTP_GIT_PROTOCOL", ""),
                "HTTP_CONTENT_ENCODING": environ.get("HTTP_CONTENT_ENCODING", ""),
                "CONTENT_LENGTH": str(len(body)),
                "REMOTE_USER": "codemod",
            },
            input=body,
            capture_output=True,
            check=False,
        )
        head, _, rest = done.stdout.partition(b"\r\n\r\n")
        fields = [tuple(line.split(": ", 1)) for line in head.decode().split("\r\n")]
        status = dict(fields).get("Status", "200 OK")
        start(status, [field for field in fields if field[0] != "Status"])
        return [rest]

    return answer


def chunks(environ: dict[str, Any]) -> bytes:
    """A body in chunks, which wsgiref leaves to us."""
    if environ.get("HTTP_TRANSFER_ENCODING") != "chunked":
        return b""
    stream, body = environ["wsgi.input"], b""
    while size := int(stream.readline().split(b";")[0], 16):
        body += stream.read(size)
        stream.readline()
    return body


@contextmanager
def threaded(server: HTTPServer) -> Iterator[str]:
    """The URL of a server that runs in a thread of its own."""
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def served(root: Path, tokens: Collection[str] = (TOKEN,)) -> Iterator[str]:
    """The URL under which the repositories below `root` are served."""
    app = backend(root, tokens)
    with threaded(make_server("127.0.0.1", 0, app, Server, Quiet)) as url:
        yield url
