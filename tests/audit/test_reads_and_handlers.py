"""Unbounded reads, silent handlers and large files."""

from __future__ import annotations

from tests.audit.cases import flagged, marked, scan, sites, told

READS = '''
"""Prose: SELECT * FROM the list of what there is."""
from google.cloud import bigquery
import sqlite3

client = bigquery.Client()
ALL = "SELECT * FROM games"  # !
FEW = "SELECT * FROM games LIMIT 10"
NAMED = "SELECT name FROM games"
COUNT = "SELECT COUNT(*) FROM games"
SOME = f"SELECT g.* FROM games g WHERE g.day = {1}"  # !


def frames():
    one = client.query(ALL).to_dataframe()  # !
    two = client.query(FEW).result().to_dataframe()  # !
    return one, two


def rows():
    cursor = sqlite3.connect("db").cursor()
    cursor.execute(NAMED)
    return cursor.fetchall()  # !


class Shelf:
    def fetchall(self):
        return []


def others(unknown):
    "".fetchall()
    unknown.to_dataframe(1, 2)
    return unknown.to_dataframe()  # !
'''


def test_reads() -> None:
    assert sorted(flagged("unbounded-reads", READS)) == marked(READS)


def test_reads_are_ranked() -> None:
    found = {site.line: site for site in sites("unbounded-reads", READS)}
    ranks = {READS.splitlines()[line - 1].strip(): s.rank for line, s in found.items()}
    order = sorted(ranks, key=lambda line: -ranks[line])
    assert order[0].startswith("ALL")
    assert order[1].startswith("SOME")
    assert order[-1].startswith("return unknown")
    assert found[7].what == "`SELECT *` without a LIMIT or a WHERE"
    assert found[11].what == "`SELECT *` without a LIMIT"


def test_a_query_of_several_lines() -> None:
    code = 'q = """\n    SELECT\n        *\n    FROM games\n"""\n'
    assert told("unbounded-reads", code) == ["1: `SELECT *` without a LIMIT or a WHERE"]
    assert told("unbounded-reads", code.replace("games", "games LIMIT 5")) == []


HANDLERS = '''
import contextlib
import logging
from contextlib import suppress as quietly


def age(text):
    try:
        return parse(text)
    except:  # !
        return 0


def nothing():
    try:
        work()
    except Exception as error:  # !
        found = None
        pass
    try:
        work()
    except (ValueError, BaseException):  # !
        """Never mind."""
    for each in items:
        try:
            work(each)
        except Exception:  # !
            continue
    with contextlib.suppress(Exception):  # !
        work()


def named_or_told():
    try:
        work()
    except KeyError:
        pass
    except Exception:
        logging.exception("no")
    try:
        work()
    except Exception:
        raise
    try:
        work()
    except Exception:
        return fallback()
    try:
        work()
    except Exception as error:
        return {"error": error}
    with quietly(KeyError):
        work()


class Exception(ValueError):
    pass
'''
OWN = "class Exception(ValueError):\n    pass\n"


def test_silent_handlers_against_all_handlers() -> None:
    code = HANDLERS.removesuffix(OWN)
    assert flagged("silent-handlers", code) == marked(code)
    found = scan(code)
    assert found.totals["silent-handlers"] == 11
    # A search finds as many lines as there are words: here two more than handlers.
    assert found.hits["silent-handlers"] == 9


def test_an_exception_class_of_the_file_is_not_all_exceptions() -> None:
    assert told("silent-handlers", HANDLERS) == [
        "10: a bare `except:` that says nothing",
        "22: `except (ValueError, BaseException):` that says nothing",
    ]


def test_large_files() -> None:
    assert sites("large-files", "x = 1\n" * 2_500) == ()
    [site] = sites("large-files", "x = 1\n" * 2_501)
    assert (site.line, site.what) == (1, "2,501 lines")
    [site] = sites("large-files", "x = 1\n" * 2_500 + "y")
    assert site.what == "2,501 lines"


def test_words_in_strings_and_comments_are_found_by_a_search_alone() -> None:
    code = '# except: requests.get(\ntext = "for x in y: requests.get(x) except:"\n'
    found = scan(code)
    assert found.sites == {}
    assert found.hits["silent-handlers"] == 2
    assert found.hits["requests-in-loops"] == 2
