"""What runs once per round of a loop: requests, queries, messages, rows."""

from __future__ import annotations

import pytest

from tests.audit.cases import flagged, marked, told

REQUESTS = """
import requests
import requests as http
from requests import get as fetch, Session


def one_by_one(urls):
    found = []
    for url in urls:
        found.append(requests.get(url))  # !
    texts = [http.post(url).text for url in urls]  # !
    while urls:
        fetch(urls.pop())  # !
    return found, texts, requests.get("once")


def with_a_session(urls):
    session = Session()
    return [session.get(url) for url in urls]


def helper(url):
    return requests.put(url)  # !


def through_a_helper(urls):
    return {url: helper(url) for url in urls}


def a_retry(url):
    for attempt in range(3):
        try:
            return requests.get(url)
        except OSError:
            pass


def a_retry_with_break(url):
    while True:
        try:
            reply = requests.get(url)
        except OSError:
            continue
        break
    return reply


def the_first_that_answers(urls):
    for url in urls:
        if url:
            reply = requests.get(url)
            return reply


def not_per_round(url):
    for item in requests.get(url).json():
        print(item)
    else:
        requests.delete(url)
    return [each for each in requests.get(url)]


def iterated_inside(urls):
    return [each for url in urls for each in requests.get(url)]  # !


def defined_in_a_loop(urls):
    for url in urls:
        def later():
            return requests.get(url)


class requests_like:
    def get(self, url):
        return url


def another_thing_of_that_name(urls, requests):
    return [requests.get(url) for url in urls]
"""


def test_requests_without_a_session() -> None:
    assert flagged("requests-in-loops", REQUESTS) == marked(REQUESTS)


QUERIES = """
import sqlite3
from google.cloud import bigquery
import pandas as pd


def many(ids):
    connection = sqlite3.connect("db")
    cursor = connection.cursor()
    for each in ids:
        cursor.execute("SELECT a FROM t WHERE id = ?", (each,))  # !
        yield cursor.fetchone()
    cursor.execute("SELECT a FROM t")
    cursor.executemany("INSERT INTO t VALUES (?)", ids)
    for row in cursor.execute("SELECT b FROM t"):
        print(row)


class Reader:
    def __init__(self):
        self.client = bigquery.Client()

    def one(self, each):
        return self.client.query(f"SELECT a FROM t WHERE id = {each}").result()  # !

    def all(self, ids):
        return [self.one(each) for each in ids]


def frames(ids, engine):
    return [pd.read_sql("SELECT 1", engine) for _ in ids]  # !


def unknown_client(db, ids):
    for each in ids:
        db.execute(f"UPDATE t SET a = 1 WHERE id = {each}")  # !
        db.execute("make dinner")
        db.query(each)


def executors(jobs):
    for job in jobs:
        job.execute()


def pages(cursor_of):
    cursor = sqlite3.connect("db").cursor()
    start = 0
    while True:
        cursor.execute(f"SELECT a FROM t LIMIT 100 OFFSET {start}")
        start += 100
"""


def test_queries() -> None:
    assert flagged("queries-in-loops", QUERIES) == marked(QUERIES)


def test_a_client_out_of_view_is_said() -> None:
    code = "def f(db, ids):\n    for i in ids:\n        db.execute('SELECT 1')\n"
    assert told("queries-in-loops", code) == [
        "3: `db.execute()` in the loop over `ids` in line 2 "
        "(which client it is is not in view)"
    ]


MESSAGES = """
import boto3
from confluent_kafka import Producer
from google.cloud import pubsub_v1
from kafka import KafkaProducer

publisher = pubsub_v1.PublisherClient()


def waiting(topic, rows):
    for row in rows:
        publisher.publish(topic, row).result()  # !


def waiting_by_name(topic, rows):
    for row in rows:
        future = publisher.publish(topic, row)  # !
        future.result()


def batched_by_the_client(topic, rows):
    futures = [publisher.publish(topic, row) for row in rows]
    for future in futures:
        future.result()


def sqs(url, rows):
    queue = boto3.client("sqs")
    for row in rows:
        queue.send_message(QueueUrl=url, MessageBody=row)  # !
    queue.send_message_batch(QueueUrl=url, Entries=rows)


def streams(rows):
    kinesis = boto3.client("kinesis", region_name="eu-west-1")
    s3 = boto3.client("s3")
    for row in rows:
        kinesis.put_record(Data=row)  # !
        s3.put_record(Data=row)


class Sender:
    def __init__(self, servers):
        self.producer = KafkaProducer(bootstrap_servers=servers)
        self.other = Producer({})

    def flush_each(self, rows):
        for row in rows:
            self.producer.send("topic", row)  # !
            self.producer.flush()

    def flush_once(self, rows):
        for row in rows:
            self.producer.send("topic", row)
            self.other.produce("topic", row)
        self.producer.flush()
        self.other.flush()


def a_chat(bot, rows):
    for row in rows:
        bot.send_message(row)
        bot.publish(row).result()
"""


def test_messages() -> None:
    assert flagged("messages-one-by-one", MESSAGES) == marked(MESSAGES)


NESTED = """
import pandas as pd


def similar(left: pd.DataFrame, right: pd.DataFrame):
    for _, a in left.iterrows():
        for _, b in right.iterrows():  # !
            yield a, b
    for _, a in left.iterrows():
        pass


def through_a_helper(left, right):
    for a in left.itertuples():
        search(right, a)


def search(frame, a):
    for i, (_, b) in enumerate(frame.iterrows()):  # !
        if b is a:
            return i


def comprehended(left, right):
    return [
        (a, b)
        for _, a in left.iterrows()
        for _, b in right.iterrows()  # !
    ]


def of_one_row(left, right):
    for i, a in left.iterrows():
        search(right.loc[i:i], a)
        for _, b in a.children.iterrows():
            yield b


def of_groups(groups):
    for name, group in groups:
        for _, row in group.iterrows():
            yield row


class Matrix:
    def iterrows(self):
        return iter(())


def not_frames():
    matrix = Matrix()
    for a in matrix.iterrows():
        for b in [1, 2]:
            yield a, b
"""


def test_rows_in_rows() -> None:
    assert flagged("nested-rows", NESTED) == marked(NESTED)


def test_a_filter_by_the_row_is_said() -> None:
    code = (
        "def f(left, right):\n"
        "    for _, a in left.iterrows():\n"
        "        for _, b in right[right.k == a.k].iterrows():\n"
        "            pass\n"
    )
    assert told("nested-rows", code) == [
        "3: `right[right.k == a.k].iterrows()` runs for each row of the loop over "
        "`left.iterrows()` in line 2, over a filter of all rows"
    ]


@pytest.mark.parametrize(
    "measure",
    ["requests-in-loops", "queries-in-loops", "messages-one-by-one", "nested-rows"],
)
def test_functions_that_call_each_other_end(measure: str) -> None:
    code = (
        "import requests, boto3, sqlite3\nq = boto3.client('sqs')\n"
        "c = sqlite3.connect('db')\n"
        "def f(n, df):\n    requests.get(n); q.send_message(n); c.execute('SELECT 1')\n"
        "    for row in df.iterrows():\n        pass\n    g(n, df)\n"
        "def g(n, df):\n    f(n, df)\n"
    )
    assert flagged(measure, code) == []
