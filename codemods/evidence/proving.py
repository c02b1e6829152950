"""The findings of a run, with their receipts, and the fixes that are left of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

from codemods import files
from codemods.engine import Settings
from codemods.engine import run as run_engine
from codemods.evidence.policy import judged_by
from codemods.evidence.running import Runner
from codemods.evidence.trials import Case, making
from codemods.model import Finding, OptionValue, Source
from codemods.outcome import Outcome, digest
from codemods.project import Request
from codemods.receipt import Receipt
from codemods.work import judged_source
from codemods.workers import Task

WORKERS, TRIALS, SECONDS = 2, 200, 1.0


@dataclass(frozen=True, slots=True)
class Proving:
    """How receipts are made: `workers` at a time, `number` trials each.

    `seconds` is what the timings of one fix may take; `seed` None: one that follows
    from each finding.
    """

    runner: Runner
    number: int = TRIALS
    seconds: float = SECONDS
    workers: int = WORKERS


@dataclass(frozen=True, slots=True)
class _File:
    """A file with fixes, as it was judged, and the receipts that are being made."""

    task: Task
    source: Source
    outcome: Outcome
    receipts: Mapping[str, Future[Receipt]]


def proven(
    outcomes: Iterable[Outcome | None], request: Request, proving: Proving
) -> Iterator[Outcome | None]:
    """The outcomes in their order, each fix with its receipt.

    All have to be there before the first trial: workers are forked for them, which
    does not go with the threads that wait for trials.
    """
    waiting: deque[Outcome | _File | None] = deque()
    everything = list(outcomes)
    with ThreadPoolExecutor(proving.workers) as pool:
        try:
            for outcome in everything:
                waiting.append(_begun(outcome, request, proving, pool))
            while waiting:
                yield _finished(waiting.popleft(), request)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _begun(
    outcome: Outcome | None,
    request: Request,
    proving: Proving,
    pool: ThreadPoolExecutor,
) -> Outcome | _File | None:
    if outcome is None or not any(map(_is_fix, outcome.findings)):
        return outcome
    content = files.read(outcome.path, follow=True)
    if content is None or digest(content[0]) != outcome.digest:
        return outcome.unmade("the file changed since it was read")
    source = Source(outcome.path, content[0])
    effective = request.config.of(outcome.path)
    lines = None if request.lines is None else request.lines.get(outcome.path)
    names = tuple(dict.fromkeys(each.codemod for each in outcome.findings))
    task = Task(
        *(outcome.path, len(source.data), True, names),
        *(effective.unsafe, effective.options, lines),
        request.asked.get(outcome.path, {}),
    )
    file = _File(task, source, outcome, {})
    receipts = {
        each.fingerprint: pool.submit(_receipt, each, file, request, proving)
        for each in outcome.findings
        if _is_fix(each)
    }
    return replace(file, receipts=receipts)


def _is_fix(finding: Finding) -> bool:
    return finding.verdict != "declined"


def _receipt(
    finding: Finding, file: _File, request: Request, proving: Proving
) -> Receipt:
    entry = next(each for each in request.entries if each.name == finding.codemod)
    codemod = entry.load()
    alone = {each.fingerprint: each is finding for each in file.outcome.findings}
    settings = Settings(False, file.task.options, file.task.lines, alone)
    case = Case(
        file.source,
        run_engine(file.source, [codemod], settings).after,
        finding,
        _options(finding, request, file),
        proving.number,
        proving.seconds,
    )
    return proving.runner.receipt(case, making(codemod))


def _options(
    finding: Finding, request: Request, file: _File
) -> Mapping[str, OptionValue]:
    entry = next(each for each in request.entries if each.name == finding.codemod)
    return {**entry.options, **file.task.options.get(finding.codemod, {})}


def _finished(item: Outcome | _File | None, request: Request) -> Outcome | None:
    if not isinstance(item, _File):
        return item
    found = {name: future.result() for name, future in item.receipts.items()}
    told = tuple(
        _with_receipt(each, found.get(each.fingerprint), request, item)
        for each in item.outcome.findings
    )
    gone = {each.fingerprint: each for each in told if each.reason and each.evidence}
    if not any(e.applied for e in item.outcome.findings if e.fingerprint in gone):
        return replace(item.outcome, findings=told)
    return _without(gone, told, item, request)


def _with_receipt(
    finding: Finding, receipt: Receipt | None, request: Request, file: _File
) -> Finding:
    if receipt is None:
        return finding
    return judged_by(receipt, finding, _options(finding, request, file))


def _without(
    gone: Mapping[str, Finding],
    told: tuple[Finding, ...],
    item: _File,
    request: Request,
) -> Outcome:
    """The file judged again, withdrawn fixes not made."""
    asked = {**item.task.asked, **dict.fromkeys(gone, False)}
    task = item.task._replace(asked=asked)
    again = judged_source(request.entries, task, item.source)
    known = {each.fingerprint: each for each in told}
    findings = tuple(
        gone.get(each.fingerprint)
        or replace(
            known.get(each.fingerprint, each),
            applied=each.applied,
        )
        for each in again.findings
    )
    return replace(again, findings=findings)
