"""What `bot/deploy` says to Docker and systemd, without Docker: each file as its own
schema or program has it, and its commands as they run."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot import cli
from bot.arguments import parser
from codemods import __version__
from tests.service.processes import SECRET, Service, await_answer, free_port
from tests.service.test_workflows import is_valid
from tests.test_packaging import command

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "bot" / "deploy"
UNIT = DEPLOY / "codemod-bot.service"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
PROGRAM = "/opt/codemod/bin/codemod-bot"


def instructions() -> list[tuple[str, str]]:
    """The lines of the Dockerfile, those that go on joined."""
    text = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.partition(" ")[0], line.partition(" ")[2]) for line in lines]


def of(name: str) -> list[str]:
    return [rest for each, rest in instructions() if each == name]


def parsed(arguments: list[str]) -> Namespace:
    return parser("", cli.COMMANDS).parse_args(arguments)


def test_the_image_is_small_pinned_and_nobodys() -> None:
    bases = [line.split()[0] for line in of("FROM")]
    assert len(bases) == 2
    for base in bases:
        assert re.fullmatch(r"python:3\.\d+(\.\d+)?-slim-[a-z]+", base)
    names = [name for name, _ in instructions()]
    assert names.index("USER") < names.index("ENTRYPOINT")
    assert of("USER") == ["1000:1000"]
    assert "ADD" not in names
    assert not [line for line in of("ENV") + of("ARG") if "SECRET" in line.upper()]
    last = instructions()[len(names) - names[::-1].index("FROM") :]
    installed = " ".join(rest for name, rest in last if name == "RUN")
    assert {"git", "bubblewrap"} <= set(installed.split())
    assert not {"curl", "gcc", "pip"} & set(installed.split())


def test_its_commands_are_ours() -> None:
    given = parsed(json.loads(of("CMD")[-1]))
    assert (given.command, given.host, given.port) == (cli.served, "0.0.0.0", 8080)
    assert of("EXPOSE") == ["8080"]
    assert json.loads(of("ENTRYPOINT")[0]) == ["codemod-bot"]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command, built and installed from the files that the image copies."""
    source = tmp_path_factory.mktemp("image") / "src"
    source.mkdir()
    for line in of("COPY")[:-1]:
        *names, to = line.split()
        for name in names:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, source / (name if to == "./" else to))
    venv = source.parent / "venv"
    # What it needs is installed already, where the tests run.
    command(*(sys.executable, "-m", "venv", "--system-site-packages", venv), cwd=source)
    site = next((venv / "lib").glob("python*/site-packages"))
    (site / "tests.pth").write_text("\n".join(p for p in sys.path if "site-pack" in p))
    command(sys.executable, "-m", "build", "-n", "--wheel", cwd=source)
    (wheel,) = (source / "dist").iterdir()
    pip = (venv / "bin" / "python", "-m", "pip", "install", "-q", "--no-deps")
    command(*pip, "--force-reinstall", wheel, cwd=source)
    return venv / "bin" / "codemod-bot"


@contextmanager
def contained(program: Path, data: Path) -> Iterator[Service]:
    """The image's command where nothing but /tmp and the data can be written."""
    port = free_port()
    sandbox = ["bwrap", "--unshare-user", "--uid", "1000", "--gid", "1000"]
    sandbox += ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
    sandbox += ["--bind", str(data), str(data), "--chdir", str(data)]
    sandbox += ["--die-with-parent", "--tmpfs", "/run"]
    variables = [each.split("=", 1) for each in shlex.split(of("ENV")[0])]
    given = {name: text.replace("/data", str(data)) for name, text in variables}
    process = subprocess.Popen(
        [*sandbox, program, *json.loads(of("CMD")[-1]), "--port", str(port)],
        env={
            **given,
            "PATH": os.environ["PATH"],
            "CODEMOD_WEBHOOK_SECRET": SECRET,
            "GITHUB_TOKEN": "a token of nobody's",
        },
        stderr=(data / "log").open("wb"),
    )
    try:
        service = Service(process, port, data / "looks")
        await_answer(service)
        yield service
    finally:
        process.terminate()
        process.wait(20)


def test_it_runs_on_a_root_that_is_read_only(program: Path, tmp_path: Path) -> None:
    assert command(program, "--version", cwd=tmp_path) == f"codemod-bot {__version__}\n"
    check = json.loads(of("HEALTHCHECK")[0].partition("CMD ")[2])
    with contained(program, tmp_path) as service:
        assert service.ask("GET", "/readyz")[0] == 200
        assert healthy(check, service.port) == 0
        made = {path.name.partition("-")[0] for path in tmp_path.iterdir()}
        assert made <= {"codemod", "cache", "log", ".cache"}
    assert healthy(check, service.port) == 1


def healthy(check: list[str], port: int) -> int:
    words = [word.replace(":8080/", f":{port}/") for word in check]
    assert words.pop(0) == "python"
    done = subprocess.run([sys.executable, *words], capture_output=True, check=False)
    return done.returncode


def test_the_compose_file_is_one() -> None:
    is_valid("vendor.compose-spec", DEPLOY / "compose.yaml")


@pytest.mark.parametrize("name", ["web", "worker"])
def test_a_service_of_it_is_held_short(name: str) -> None:
    service = COMPOSE["services"][name]
    given = parsed(service["command"])
    assert given.database == "postgresql+psycopg://codemod@postgres/codemod"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"] == "unless-stopped"
    assert "healthcheck" not in service or name == "worker"  # the image has one
    ready = {"postgres": {"condition": "service_healthy"}}
    assert service["depends_on"] == ready
    assert (ROOT / "bot" / "deploy" / service["build"]["context"]).resolve() == ROOT
    assert (ROOT / service["build"]["dockerfile"]).is_file()


def test_the_compose_file_holds_no_secret() -> None:
    for service in COMPOSE["services"].values():
        for key, value in service["environment"].items():
            if "PASSWORD" in key:
                assert value.startswith("${POSTGRES_PASSWORD:?")
    assert COMPOSE["secrets"] == {"key": {"file": "codemod-bot.pem"}}
    names = [COMPOSE["services"][each]["command"] for each in ("web", "worker")]
    assert len({parsed(command).name for command in names}) == 2


def unit(key: str) -> str:
    text = UNIT.read_text().replace("\\\n", " ")
    found: list[str] = re.findall(rf"^{key}=(.*)$", text, re.MULTILINE)
    return found[-1]


def test_the_units_command_is_ours() -> None:
    name, *arguments = unit("ExecStart").split()
    given = parsed(arguments)
    assert (name, given.command) == (PROGRAM, cli.served)
    state, cache = unit("StateDirectory"), unit("CacheDirectory")
    assert given.database.startswith(f"sqlite:////var/lib/{state}/")
    assert given.cache == f"/var/cache/{cache}"
    loaded = [
        line.partition(":")[0]
        for line in re.findall(r"LoadCredential=(.*)", UNIT.read_text())
    ]
    assert loaded == ["codemod-bot.env", "codemod-bot.pem"]
    assert given.credentials == "${CREDENTIALS_DIRECTORY}/codemod-bot.env"


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="needs systemd-analyze of systemd"
)
def test_the_unit_is_one_and_holds_it_short(tmp_path: Path) -> None:
    path = tmp_path / UNIT.name
    path.write_text(UNIT.read_text().replace(PROGRAM, sys.executable))
    verify = ("systemd-analyze", "verify", str(path))
    done = subprocess.run(verify, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")  # it only warns of unknown keys
    # 100 is no protection at all; up to 20 of it is "ok" by its own words.
    given = ("security", "--offline=true", "--threshold=20", path)
    assert command("systemd-analyze", *given, cwd=tmp_path)
