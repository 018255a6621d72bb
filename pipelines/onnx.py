"""Imports onnxruntime with its telemetry switched off; no other module may import it.

Since version 1.29 the onnxruntime wheels send telemetry to their vendor: over the network on Linux
and macOS, with a device id and an event queue in the user's cache, and as system events on Windows.
The former is disabled by an environment variable that is read when the library loads, the latter by
a call after that.
"""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime

onnxruntime.disable_telemetry_events()

__all__ = ["onnxruntime"]
