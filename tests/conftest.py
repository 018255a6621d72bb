"""Settings of hypothesis for all tests, and what they expect of the process that runs them."""

import os
import signal
import subprocess
from typing import ClassVar

import pytest
from hypothesis import settings

settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=200, deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

# Who starts the tests in the background may have Ctrl-C ignored; what the tests start would inherit that, and never end.
signal.signal(signal.SIGINT, signal.default_int_handler)


class _Watched(subprocess.Popen):
    """A process that a failing test does not wait for, and that does not outlive its test."""

    started: ClassVar[list[subprocess.Popen]] = []

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.started.append(self)

    def __exit__(self, kind, error, trace):
        if kind is not None:
            self.kill()
        super().__exit__(kind, error, trace)


@pytest.fixture(autouse=True)
def _no_process_outlives_its_test(monkeypatch):
    """End what a test has started and left; a test that waits for it for ever ends by its time limit."""
    monkeypatch.setattr(subprocess, "Popen", _Watched)
    before = len(_Watched.started)
    yield
    for process in _Watched.started[before:]:
        if process.poll() is None:
            process.kill()
            process.wait(60)
    del _Watched.started[before:]
