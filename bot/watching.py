"""Looking over a run's shoulder, for its report."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from bot.actions import Action
from bot.model import Pull
from bot.ports import Lasting
from bot.report import Line, Looked, Report
from bot.run import Repository, Step
from bot.settings import SettingsError
from bot.sweep import row, settled
from codemods import __version__


@dataclass(slots=True)
class Watch:
    """What a run is seen to do, as far as it has come."""

    name: str
    began: float = field(default_factory=time.time)
    looked: list[Looked] = field(default_factory=list)
    pulls: dict[int, Pull] = field(default_factory=dict)
    log: list[Line] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    ended: bool = False
    error: str = ""
    lasting: bool = False

    def watched(
        self, here: Repository, steps: Callable[[Repository], Iterator[Step]]
    ) -> Iterator[Step]:
        """The steps, seen. Raises what they raise."""
        for step in steps(replace(here, witness=self.found)):
            self.say(step.told)
            self.actions.append(step.action)
            if step.pull is not None:
                self.pulls[step.pull.number] = step.pull
            yield step
        self.ended = True

    def found(self, looked: Looked) -> None:
        self.looked.append(looked)
        self.pulls |= {pull.number: pull for pull in looked.pulls}
        count = len(looked.places)
        found = "1 finding" if count == 1 else f"{count} findings"
        self.say(f"{looked.codemod}: {found}")

    def say(self, text: str) -> None:
        self.log.append(Line(round(time.time() - self.began, 3), text))

    def failed(self, error: Exception) -> None:
        self.error = str(error)
        self.lasting = isinstance(error, Lasting | SettingsError)

    @property
    def report(self) -> Report:
        done = row(self.name, self.actions)
        pulls = sorted(self.pulls.values(), key=lambda pull: -pull.number)
        return Report(
            repository=self.name,
            version=__version__,
            began=self.began,
            seconds=round(time.time() - self.began, 3),
            looked=tuple(replace(each, pulls=()) for each in self.looked),
            pulls=tuple(replace(pull, body="", comments=()) for pull in pulls),
            log=tuple(self.log),
            opened=done.opened,
            updated=done.updated,
            closed=done.closed,
            error=self.error,
            lasting=self.lasting,
            settled=self.ended and all(map(settled, self.actions)),
        )
