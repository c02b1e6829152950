"""Runs a query with and without its limit on made-up databases: a trial's program.

Where there are no more rows than the limit, both have to give the same; where there are
more, the limited one gives as many as the limit, all among those of the other.
"""

from __future__ import annotations

import json
import random
import sqlite3
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

MARK = "codemod-evidence: "
SECONDS = 15.0
MOST = 30_000  # rows of a table
MOST_JOINED = 3_000  # of each table, where there are several
STEPS = 3_000_000  # of SQLite's machine; after that, a query is given up


class Trials:
    """The databases of one query, and what came of them."""

    def __init__(self, case: dict[str, Any], seed: int) -> None:
        self.case, self.seed = case, seed
        self.limit: int = case["limit"]
        self.count = {"trials": 0, "identical": 0, "vacuous": 0}
        self.cut = self.first = 0
        self.error = ""

    def database(self, rows: int, seed: int) -> sqlite3.Connection:
        chance = random.Random(seed)
        made = sqlite3.connect(":memory:")
        made.execute("PRAGMA journal_mode = OFF")
        for table, columns in self.case["tables"].items():
            names = ", ".join(map(quoted, columns))
            made.execute(f"CREATE TABLE {quoted(table)} ({names})")
            marks = ", ".join("?" * len(columns))
            several = (
                [self.value(column, number, rows, chance) for column in columns]
                for number in range(rows)
            )
            made.executemany(f"INSERT INTO {quoted(table)} VALUES ({marks})", several)
        return made

    def value(self, column: str, number: int, rows: int, chance: random.Random) -> Any:
        pool = self.case["pools"].get(column.lower())
        if column.lower() in self.case["shared"]:
            return chance.randrange(rows + 1)
        if pool and chance.random() < 0.9:
            return chance.choice(pool)
        kind = chance.random()
        if kind < 0.7:
            return number
        if kind < 0.85:
            return f"{column} {number}"
        return chance.choice((None, 0, "", 2))

    def rows(self, made: sqlite3.Connection, sql: str) -> list[Any] | None:
        """What a query gives; None where it takes too long."""
        named = dict.fromkeys(self.case["named"], 1)
        steps = iter(range(STEPS // 1000))
        made.set_progress_handler(lambda: next(steps, None) is None, 1000)
        try:
            return made.execute(sql, named or self.case["values"]).fetchall()
        except sqlite3.OperationalError as error:
            if "interrupted" not in str(error):
                raise
            return None

    def compare(self, rows: int, seed: int) -> str | None:
        """A counted trial; what differs, as a clause."""
        made = self.database(rows, seed)
        try:
            before = self.rows(made, self.case["before"])
            after = self.rows(made, self.case["sql"])
        finally:
            made.close()
        if before is None or after is None:
            return None
        self.count["trials"] += 1
        found = self.difference(before, after)
        if found is None:
            self.count["identical" if before else "vacuous"] += 1
            self.cut += len(before) > self.limit
        return found

    def difference(self, before: list[Any], after: list[Any]) -> str | None:
        old, new = counted(before), counted(after)
        if len(before) <= self.limit:
            if old == new:
                return None
            return f"before {told(before)}, after {told(after)}, below the limit"
        if len(after) != self.limit:
            return f"before {told(before)}, after {told(after)}, not {self.limit:,}"
        if new - old:
            return f"after {self.limit:,} rows, some of which were not there before"
        self.first += before[: self.limit] == after
        return None

    def sizes(self) -> list[int]:
        most = MOST if len(self.case["tables"]) == 1 else MOST_JOINED
        around = [self.limit - 1, self.limit, self.limit + 1]
        wanted = [1, 3, 20, *around, 2 * self.limit, 8 * self.limit, 0]
        return [max(0, min(each, most)) for each in wanted]

    def all(self) -> dict[str, Any]:
        began, sizes = time.monotonic(), self.sizes()
        found = None
        for index in range(max(len(sizes), self.case["number"] // 5)):
            if found or time.monotonic() - began > SECONDS:
                break
            rows, seed = sizes[index % len(sizes)], self.seed + index
            try:
                found = self.compare(rows, seed)
            except sqlite3.Error as error:
                return {"trials": 0, "impossible": f"SQLite cannot run it: {error}"}
            if found:
                found = self.shrunk(rows, seed, found)
        return self.result(found)

    def shrunk(self, rows: int, seed: int, found: str) -> str:
        for fewer in (1, 2, 3, 5, 8, 13, 30, 100, self.limit, self.limit + 1):
            if fewer < rows:
                again = self.compare(fewer, seed)
                if again:
                    rows, found = fewer, again
                    break
        tables = " and ".join(f"`{table}`" for table in self.case["tables"])
        return f"with {rows:,} rows in {tables}: {found}"

    def result(self, found: str | None) -> dict[str, Any]:
        notes = []
        if self.cut:
            cut = f"cut to {self.limit:,} rows in {self.cut:,} of them"
            whole = self.case["ordered"] and self.first == self.cut
            notes.append(f"{cut}, the first by its ORDER BY" if whole else cut)
        elif not found:
            notes.append(f"none gave more rows than the limit of {self.limit:,}")
        return {**self.count, "notes": notes, "counterexample": found}


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def counted(rows: list[Any]) -> Counter[Any]:
    return Counter(map(repr, rows))


def told(rows: list[Any]) -> str:
    return f"{len(rows):,} row{'s' if len(rows) != 1 else ''}"


def main() -> None:
    case = json.loads(Path("case.json").read_text("utf-8"))
    print(MARK + json.dumps(Trials(case, int(sys.argv[1])).all()))


main()
