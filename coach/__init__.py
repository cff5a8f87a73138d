"""Coach: hears a sales call on this machine and shows one gentle nudge at a time."""

import os

# Before numpy comes in: its matrices here are small, and a second thread of OpenBLAS costs a hundred times what it
# saves (15 ms of spinning for 0.1 ms of work, in every draft of a sentence).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
