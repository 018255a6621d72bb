"""Progress bars with rate and remaining time, on terminals only."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from kg.project import Observer

__all__ = ["TerminalObserver"]


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f}/s" if speed else "")


class TerminalObserver(Observer):
    """Shows one progress bar per step on standard error, if that is a terminal."""

    def __init__(self) -> None:
        """Prepare the display; nothing is drawn before the first step."""
        console = Console(stderr=True)
        columns = (
            TextColumn("{task.description:<16}"),
            BarColumn(),
            MofNCompleteColumn(),
            _Rate(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        self._progress = Progress(
            *columns, console=console, disable=not console.is_terminal, speed_estimate_period=60
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        """Start drawing."""
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Complete the current bar and restore the terminal."""
        self._close()
        self._progress.stop()

    def step(self, name: str, total: int | None = None) -> None:
        """Complete the current bar and start one for a new step."""
        self._close()
        self._task = self._progress.add_task(name, total=total)

    def advance(self, count: int = 1) -> None:
        """Advance the current bar."""
        if self._task is not None:
            self._progress.advance(self._task, count)

    def _close(self) -> None:
        if self._task is not None:
            task = self._progress.tasks[self._task]
            self._progress.update(
                self._task, total=task.completed or 1, completed=task.completed or 1
            )
