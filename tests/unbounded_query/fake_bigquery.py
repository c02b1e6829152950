"""A BigQuery REST endpoint on loopback, as small as the real client lets it be.

Every query gives the same table: `id INTEGER, name STRING`, as many rows as asked for.
Shapes: the REST reference of BigQuery v2, jobs.insert, jobs.query, jobs.getQueryResults
and tabledata.list. A page holds what `maxResults` says, else at most `PAGE` rows.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from google.cloud import bigquery

PAGE = 50_000
_SCHEMA = {
    "fields": [
        {"name": "id", "type": "INTEGER", "mode": "NULLABLE"},
        {"name": "name", "type": "STRING", "mode": "NULLABLE"},
    ]
}
_TABLE = {"projectId": "p", "datasetId": "d", "tableId": "t"}
_JOB = {"projectId": "p", "jobId": "j", "location": "US"}


@dataclass(slots=True)
class Log:
    """What was asked of the endpoint: the sizes of the pages of rows it gave."""

    pages: list[int] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)


@contextmanager
def serving(rows: int) -> Iterator[tuple[bigquery.Client, Log]]:
    """The real client, talking to an endpoint whose queries give `rows` rows."""
    log = Log()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(rows, log))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield client_of(server.server_port), log
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def serving_apart(rows: int) -> Iterator[bigquery.Client]:
    """The same with the endpoint in a process of its own, to measure the client's."""
    command = [sys.executable, "-m", __name__, str(rows)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield client_of(int(process.stdout.readline()))
        process.stdin.close()


def client_of(port: int) -> bigquery.Client:
    from google.api_core.client_options import ClientOptions
    from google.auth.credentials import AnonymousCredentials
    from google.cloud import bigquery

    endpoint = f"http://127.0.0.1:{port}"
    return bigquery.Client(
        project="p",
        credentials=AnonymousCredentials(),  # type: ignore[no-untyped-call]
        client_options=ClientOptions(api_endpoint=endpoint),
    )


def _handler(rows: int, log: Log) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            sent = json.loads(self.rfile.read(length))
            if self.path.partition("?")[0].endswith("/queries"):
                log.queries.append(sent["query"])
                limit = sent.get("maxResults")
                self.reply(_results(rows, 0, int(limit) if limit else None, log))
            else:
                log.queries.append(sent["configuration"]["query"]["query"])
                self.reply(_job(sent["configuration"]))

        def do_GET(self) -> None:
            split = urlsplit(self.path)
            asked = {key: value[0] for key, value in parse_qs(split.query).items()}
            start = int(asked.get("pageToken") or asked.get("startIndex") or 0)
            size = int(asked["maxResults"]) if "maxResults" in asked else None
            if "/jobs/" in split.path:
                self.reply(_job({"query": {"query": "", "destinationTable": _TABLE}}))
            elif split.path.endswith("/tables/t"):
                self.reply({"tableReference": _TABLE, "schema": _SCHEMA})
            elif size == 0:
                self.reply(_results(rows, 0, 0, Log()))
            else:
                self.reply(_results(rows, start, size, log))

        def reply(self, body: dict[str, Any]) -> None:
            data = json.dumps(body).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def _job(configuration: dict[str, Any]) -> dict[str, Any]:
    configuration["query"].setdefault("destinationTable", _TABLE)
    return {
        "jobReference": _JOB,
        "configuration": {**configuration, "jobType": "QUERY"},
        "status": {"state": "DONE"},
        "statistics": {"query": {"statementType": "SELECT"}},
    }


def _results(rows: int, start: int, size: int | None, log: Log) -> dict[str, Any]:
    end = min(rows, start + (PAGE if size is None else size))
    body: dict[str, Any] = {
        "jobReference": _JOB,
        "jobComplete": True,
        "schema": _SCHEMA,
        "totalRows": str(rows),
    }
    if end > start:
        log.pages.append(end - start)
        body["rows"] = [
            {"f": [{"v": str(index)}, {"v": f"the name of row {index}"}]}
            for index in range(start, end)
        ]
    if end < rows:
        body["pageToken"] = str(end)
    return body


def main() -> None:
    """Serve `argv[1]` rows until standard input ends; prints the port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(int(sys.argv[1]), Log()))
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()
    server.shutdown()


if __name__ == "__main__":
    main()
