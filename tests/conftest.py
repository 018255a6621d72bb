"""Settings of hypothesis for all tests, and what they expect of the process that runs them."""

import os
import signal

from hypothesis import settings

settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=200, deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

# Who starts the tests in the background may have Ctrl-C ignored; what the tests start would inherit that, and never end.
signal.signal(signal.SIGINT, signal.default_int_handler)
