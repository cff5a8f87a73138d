"""Coach: hears a sales call on this machine and shows one gentle nudge at a time."""

import os

# Before numpy comes in: its matrices here are small, and a second thread of OpenBLAS costs a hundred times what it
# saves (15 ms of spinning for 0.1 ms of work, in every draft of a sentence).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Before ONNX Runtime comes in, whoever loads it: from 1.29 on it reports processes, sessions and models to its maker,
# from C++, as soon as it is imported. Set before, it starts and writes nothing (its pull requests 27379 and 29843).
os.environ["ORT_DISABLE_TELEMETRY"] = os.environ["ORT_TELEMETRY_DISABLED"] = "1"

__version__ = "0.1.0"
