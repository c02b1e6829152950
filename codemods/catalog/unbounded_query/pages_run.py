"""Reads rows with and without a page size through the real client: a trial's program.

The client's session has a transport that answers as BigQuery's REST interface does
(v2: jobs.insert, jobs.query, jobs.getQueryResults, tables.get, tabledata.list): there
is no network. `made_up.py` lies beside it.
"""

from __future__ import annotations

import json
import random
import sys
import types
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from google.auth.credentials import AnonymousCredentials
from google.auth.transport.requests import AuthorizedSession
from google.cloud import bigquery
from made_up import chosen  # type: ignore[import-not-found]

MARK = "codemod-evidence: "
PAGE = 50_000  # rows of a page for which no size is asked
TABLE = {"projectId": "p", "datasetId": "d", "tableId": "t"}
JOB = {"projectId": "p", "jobId": "j", "location": "US"}


class Endpoint(requests.adapters.BaseAdapter):
    """Gives the same table, of `rows` rows, to every query; notes its pages."""

    def __init__(self, rows: int, fields: list[str], kind: str) -> None:
        super().__init__()
        self.rows, self.kind = rows, kind
        self.fields = fields or ["id", "name"]
        self.pages: list[int] = []

    def send(self, request: Any, *_: Any, **__: Any) -> requests.Response:
        split = urlsplit(request.url)
        sent = json.loads(request.body or b"{}")
        asked = {key: value[0] for key, value in parse_qs(split.query).items()}
        response = requests.Response()
        response.status_code = 200
        response.headers["Content-Type"] = "application/json"
        answer = self.answer(request.method, split.path, asked, sent)
        response._content = json.dumps(answer).encode()
        response.url, response.request = request.url, request
        return response

    def close(self) -> None:
        pass

    def answer(
        self, method: str, path: str, asked: dict[str, str], sent: dict[str, Any]
    ) -> dict[str, Any]:
        if method == "POST" and path.endswith("/queries"):
            limit = sent.get("maxResults")
            return self.results(0, int(limit) if limit else None)
        if method == "POST":
            return job(sent["configuration"])
        if "/jobs/" in path:
            return job({"query": {"query": ""}})
        if path.endswith("/data") or "/queries/" in path:
            size = int(asked["maxResults"]) if "maxResults" in asked else None
            start = int(asked.get("pageToken") or asked.get("startIndex") or 0)
            return self.results(start, size)
        return {"tableReference": TABLE, "schema": self.schema()}

    def schema(self) -> dict[str, Any]:
        fields = [
            {"name": name, "type": self.kind, "mode": "NULLABLE"}
            for name in self.fields
        ]
        return {"fields": fields}

    def results(self, start: int, size: int | None) -> dict[str, Any]:
        end = min(self.rows, start + (PAGE if size is None else size))
        if end > start:
            self.pages.append(end - start)
        body: dict[str, Any] = {
            "jobReference": JOB,
            "jobComplete": True,
            "schema": self.schema(),
            "totalRows": str(self.rows),
            "rows": [
                {"f": [{"v": f"{index}"} for _ in self.fields]}
                for index in range(start, end)
            ],
        }
        return {**body, "pageToken": str(end)} if end < self.rows else body


def job(configuration: dict[str, Any]) -> dict[str, Any]:
    configuration["query"].setdefault("destinationTable", TABLE)
    return {
        "jobReference": JOB,
        "configuration": {**configuration, "jobType": "QUERY"},
        "status": {"state": "DONE"},
        "statistics": {"query": {"statementType": "SELECT"}},
    }


def run(
    code: Any, case: dict[str, Any], endpoint: Endpoint, given: dict[str, Any]
) -> tuple[list[Any], str]:
    """What one side saw, and the class of what it raised."""
    nobody = AnonymousCredentials()  # type: ignore[no-untyped-call]
    session = AuthorizedSession(nobody)  # type: ignore[no-untyped-call]
    session.mount("https://", endpoint)
    client = bigquery.Client(project="p", credentials=nobody, _http=session)
    told: list[Any] = []
    stand_ins = {"client": client, "job": None, "list_rows of": "p.d.t"}

    def value(each: dict[str, Any]) -> Any:
        kind = each["kinds"][0]
        if kind == "job":
            return client.query("SELECT 1")
        return stand_ins.get(kind, given[each["text"]])

    values = {each["text"]: value(each) for each in case["givens"]}
    space: dict[str, Any] = {
        "__name__": "side",
        "asked": values.__getitem__,
        "passed": lambda name, *several: told.append((name, *map(normal, several))),
        "seen": lambda one: told.append(normal(one)),
        "bound": lambda name, one: told.append((name, normal(one))),
        "caught": lambda index: told.append(("handler", index)),
        "left": sys.exit,
    }
    try:
        exec(code, space)
        main = space["main"]
        known = main.__code__.co_varnames[: main.__code__.co_argcount]
        names = {each["name"]: values[each["text"]] for each in case["givens"]}
        main(**{name: names[name] for name in known})
    except Exception as error:
        return told, type(error).__name__
    return told, ""


def normal(value: Any) -> Any:
    """A value for comparison; iterators and rows by what they give."""
    if isinstance(value, bigquery.Row):
        return dict(value.items())
    if isinstance(value, (bigquery.table.RowIterator, types.GeneratorType, enumerate)):
        return [normal(each) for each in value]
    if isinstance(value, (list, tuple)):
        return [normal(each) for each in value]
    if isinstance(value, dict):
        return {key: normal(each) for key, each in value.items()}
    plain = (str, int, float, bool, bytes, type(None))
    return value if isinstance(value, plain) else type(value).__name__


class Trials:
    """The results that were read, and what came of it."""

    def __init__(self, case: dict[str, Any], seed: int) -> None:
        self.case = case
        self.chance = random.Random(seed)
        self.codes = [compile(text, "side.py", "exec") for text in case["sides"]]
        self.count = {"trials": 0, "identical": 0, "raised": 0, "vacuous": 0}
        self.most = [0, 0]

    def one(self, rows: int, kind: str) -> str | None:
        given = {
            each["text"]: chosen(self.chance, plain(each["kinds"]), False)
            for each in self.case["givens"]
        }
        ends = []
        for side, code in enumerate(self.codes):
            endpoint = Endpoint(rows, self.case["fields"], kind)
            ends.append(run(code, self.case, endpoint, given))
            self.most[side] = max([self.most[side], *endpoint.pages])
        self.count["trials"] += 1
        (old, first), (new, second) = ends
        if first != second:
            return f"before it raised {first or 'nothing'}, after {second or 'nothing'}"
        if old != new:
            return f"before it saw {short(old)}, after {short(new)}"
        kind = "raised" if first else "identical" if old and rows else "vacuous"
        self.count[kind] += 1
        return None

    def all(self) -> dict[str, Any]:
        size = self.case["size"]
        found = None
        for rows in (1, size + 1, 0, size - 1, size, 2 * size + size // 2):
            for kind in ("INTEGER", "STRING"):
                found = found or self.shown(rows, kind)
        notes = []
        if not found:
            before, after = (f"{each:,}" for each in self.most)
            notes.append(f"pages of at most {after} rows came, {before} before")
        return {**self.count, "counterexample": found, "notes": notes}

    def shown(self, rows: int, kind: str) -> str | None:
        found = self.one(rows, kind)
        return f"with {rows:,} rows: {found}" if found else None


def plain(kinds: list[str]) -> list[str]:
    """Kinds that values are made of; those of the client's own are put in later."""
    own = ("client", "job", "list_rows of", "query of", "query_and_wait of")
    return [each for each in kinds if each not in own] or ["text"]


def short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 200 else text[:200] + "..."


def main() -> None:
    case = json.loads(Path("case.json").read_text("utf-8"))
    print(MARK + json.dumps(Trials(case, int(sys.argv[1])).all()))


main()
