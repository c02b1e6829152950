"""A ledger as an organisation's is after three months, told run by run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha1
from random import Random

from bot.model import Base, Change, Pull
from bot.report import Line, Looked, Place, Report, State
from bot.service.ledger import Ledger, Run
from bot.service.ledger.records import recorded

NOW = 1_795_600_000.0  # 25 November 2026, 09:46:40 UTC
DAY = 86_400.0
NAMES = """pricing checkout reports billing ledger search catalogue orders shipping
returns loyalty accounts invoices forecasting recommendations data-pipelines fraud
payments notifications exports warehouse mobile-api partner-api admin imports
scheduler feature-store experiments etl-jobs crawler tax subscriptions emails geo
identity audit-log metrics support-tools docs-tools infra""".split()
LOOP = Change(
    "app/totals.py",
    42,
    "unsafe",
    "0123456789abcdef",
    "each row is built as a Series: build a dict from the frame's array",
    "    for i, row in df.iterrows():\n        total += row['net'] * row['rate']\n",
    "    columns = df.columns.tolist()\n    for values in df.to_numpy():\n"
    "        row = dict(zip(columns, values))\n"
    "        total += row['net'] * row['rate']\n",
    caveat="in a row of only text a missing value stays what its column holds "
    "(`None`, say) where it was `nan`",
)
KINDS = {
    "iterrows": (
        LOOP,
        replace(
            LOOP,
            tier="safe",
            caveat=None,
            message="the loop only adds up a column: `sum()` does that",
            before="total = 0\nfor _, row in frame.iterrows():\n"
            "    total += row['amount']\n",
            after="total = frame['amount'].sum()\n",
            receipt="200 frames, the same result each time",
        ),
        replace(
            LOOP,
            tier="declined",
            after=None,
            caveat=None,
            reason="`row` escapes to `enrich()` (line 44)",
        ),
    ),
    "shell-true": (
        replace(
            LOOP,
            path="tools/deploy.py",
            tier="safe",
            caveat=None,
            message="a shell parses this command",
            before='subprocess.run("git fetch --tags", shell=True, check=True)\n',
            after='subprocess.run(["git", "fetch", "--tags"], check=True)\n',
        ),
        replace(
            LOOP,
            path="tools/backup.py",
            message="a shell parses this command",
            before='subprocess.run("tar czf " + target + " data", shell=True)\n',
            after='subprocess.run(["tar", "czf", target, "data"])\n',
            caveat="`target` becomes one argument: spaces and special characters in "
            "it were the shell's to read",
            urgent=True,
        ),
        replace(
            LOOP,
            path="tools/report.py",
            tier="declined",
            message="a shell parses this command",
            before='subprocess.run(f"cat {name} | sort | uniq -c", shell=True)\n',
            after=None,
            caveat=None,
            reason="the command is a pipeline",
        ),
    ),
    "bare-except": (
        replace(
            LOOP,
            path="app/parse.py",
            message="a bare except also swallows exits and interrupts",
            before="    except:\n        return None\n",
            after="    except (ValueError, TypeError):\n        return None\n",
            caveat="assumes that `int()` is given plain values (line 17)",
            unseen="the function reads a file",
        ),
    ),
    "unbounded-query": (
        replace(
            LOOP,
            path="app/queries.py",
            tier="declined",
            message="reads all rows of a table without a limit",
            before='rows = session.execute("SELECT * FROM orders").fetchall()\n',
            after=None,
            caveat=None,
            reason="how many rows `orders` has is not known",
        ),
        replace(
            LOOP,
            path="app/queries.py",
            message="reads all rows of a table without a limit",
            before='rows = session.execute("SELECT id FROM orders").fetchall()\n',
            after='rows = session.execute("SELECT id FROM orders LIMIT 1000")'
            ".fetchall()\n",
            caveat="rows after the first 1000 are left out",
        ),
    ),
}
FOLDERS = ("app", "app/api", "jobs", "lib", "tools", "scripts", "services/core")
STATES: dict[str, tuple[State, ...]] = {
    "safe": ("made", "made", "made", "made", "later", "vetoed"),
    "unsafe": ("made", "offered", "offered", "offered", "offered", "vetoed"),
    "declined": ("declined",),
}
LOG = """one shallow clone, 4.1 MB
iterrows: 3 findings in 2 files, the rest as before
iterrows: pull request #{number} is up to date
shell-true: nothing new""".splitlines()


def filled(
    ledger: Ledger, repositories: int = 40, weeks: int = 13, seed: int = 8
) -> None:
    """Fill it with the runs of so many repositories, weeks ago and until now."""
    random = Random(seed)
    with ledger.engine.begin() as work:
        for number in range(repositories):
            name = NAMES[number % len(NAMES)]
            more = "" if number < len(NAMES) else f"-{number // len(NAMES)}"
            for run, report in runs(random, f"acme/{name}{more}", number, weeks):
                recorded(work, run, report)  # as Ledger.record, in one go


def runs(
    random: Random, name: str, number: int, weeks: int
) -> Iterator[tuple[Run, Report | None]]:
    """A run a week; what there is to fix becomes less, and now and then more."""
    counts = {kind: int(random.paretovariate(0.9) * 11) % 140 for kind in KINDS}
    for week in range(weeks, -1, -1):
        began = NOW - week * 7 * DAY - random.random() * DAY / 2
        for kind, count in counts.items():
            less = count - random.randrange(0, 2 + count // 6)
            new = random.randrange(4) if random.random() < 0.1 else 0
            counts[kind] = max(0, less) + new
        commit = sha1(f"{name} {week}".encode()).hexdigest()
        looked = tuple(
            Looked(kind, Base("main", commit, int(began)), found)
            for kind, count in counts.items()
            for found in [tuple(places(random, kind, count))]
        )
        job = f"nightly-{number}-{week}"
        run = Run(job, name, "nightly", "done", "", began, 20 + random.random() * 90)
        if week == 0 and number % 13 == 5:
            error = "git: the remote end hung up unexpectedly"
            yield replace(run, outcome="passing", error=error), None
            continue
        pulls = tuple(pulls_of(random, number, began)) if week < 9 else ()
        log = tuple(
            Line(at * 7.3, text.format(number=7)) for at, text in enumerate(LOG)
        )
        yield (
            run,
            Report(name, "0.1.0", began, 30, looked, pulls, log, opened=week % 3 == 0),
        )


def places(random: Random, kind: str, count: int) -> Iterator[Place]:
    for at in range(count):
        change = random.choice(KINDS[kind])
        folder, line = random.choice(FOLDERS), 10 + at * 7
        path = f"{folder}/{change.path.rpartition('/')[2]}"
        name = f"{random.getrandbits(64):016x}"
        found = replace(change, path=path, line=line, fingerprint=name)
        yield Place(found, random.choice(STATES[change.tier]))


def pulls_of(random: Random, number: int, now: float) -> Iterator[Pull]:
    kinds = [kind for kind in KINDS if random.random() < 0.6]
    for at, kind in enumerate(kinds):
        state = ("open", "merged", "merged", "closed", "draft")[(number + at) % 5]
        opened = int(now - (at + 1) * 4 * DAY)
        yield Pull(
            number=at * 3 + 7,
            branch=f"codemod/{kind}",
            base="main",
            head="c0ffee",
            body="",
            title=f"{kind}: {KINDS[kind][0].message} ({at + 3} places)",
            open=state in ("open", "draft"),
            merged=state == "merged",
            draft=state == "draft",
            created=opened,
            updated=opened + int(DAY),
        )
