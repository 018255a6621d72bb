"""onnxruntime without its telemetry: the only module that imports it.

The wheels of onnxruntime have sent telemetry to their maker since 1.29: on Linux and macOS over the network, with a device's
id and a queue of events in the user's cache; on Windows as events of the operating system. A variable of the environment
that is read when the library is loaded turns the first off, a call after that the second.
"""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime

onnxruntime.disable_telemetry_events()

__all__ = ["onnxruntime"]
