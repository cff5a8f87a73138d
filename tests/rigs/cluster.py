"""A Dask cluster of one's own: a scheduler and worker processes on this machine.

Owns starting and ending them. What is said on a worker instead of what a speech model would hear is here as well,
because a worker imports it by its name.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from fakes import Same

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent.parent
_START_S, _LOOK_S = 60.0, 0.05
POISON = "poison"
TRACES = "COACH_TEST_TRACES"
"""Names the folder in which workers write down what they did."""


class Cluster:
    """A scheduler and its workers.

    Args:
        folder: for logs and traces.
        workers: so many processes, none of which is started again when it ends.
    """

    def __init__(self, folder: Path, workers: int) -> None:
        self.traces = folder / "traces"
        self.traces.mkdir()
        self._folder = folder
        self._env = os.environ | {
            "PYTHONPATH": os.pathsep.join(
                [str(ROOT), str(ROOT / "tests"), *filter(None, [os.environ.get("PYTHONPATH")])]
            ),
            TRACES: str(self.traces),
            "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "10 s",
        }
        self._processes: list[subprocess.Popen[bytes]] = []
        where = folder / "scheduler.json"
        self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(where))
        self._wait_for(lambda: self._address_in(where))
        self.address: str = self._address_in(where)
        for _ in range(workers):
            self.add_worker()

    def add_worker(self) -> subprocess.Popen[bytes]:
        """Start one more worker."""
        return self._start(
            "worker",
            self.address,
            "--no-nanny",
            "--nthreads",
            "1",
            "--host",
            "127.0.0.1",
            "--death-timeout",
            "60",
        )

    def poison(self) -> Path:
        """Let one worker die in the middle of the next recordings; return what is gone once one did."""
        path = self.traces / POISON
        path.touch()
        return path

    @property
    def begun(self) -> int:
        """So many recordings were begun, by whichever process."""
        return len(list(self.traces.glob("*.began")))

    @property
    def dead(self) -> list[int]:
        """How workers ended that ended."""
        return [p.returncode for p in self._processes[1:] if p.poll() is not None]

    def stop(self) -> None:
        """End every process of it."""
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.wait()

    def stop_scheduler(self) -> None:
        """End the scheduler alone."""
        self._processes[0].kill()
        self._processes[0].wait()

    @staticmethod
    def _address_in(file: Path) -> str:
        """Return the scheduler's address; nothing while it is still being written."""
        try:
            return str(json.loads(file.read_text())["address"])
        except (OSError, ValueError):
            return ""

    def _start(self, what: str, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.dask_{what}", *words, "--no-dashboard"]
        with (self._folder / f"{what}-{len(self._processes)}.log").open("wb") as log:
            self._processes.append(subprocess.Popen(command, env=self._env, stdout=log, stderr=log))
        return self._processes[-1]

    def _wait_for(self, there) -> None:
        for _ in range(round(_START_S / _LOOK_S)):
            if there():
                return
            threading.Event().wait(_LOOK_S)
        raise RuntimeError("the scheduler did not start")


@contextmanager
def cluster(workers: int) -> Iterator[Cluster]:
    """Start a cluster; end it in any case."""
    with tempfile.TemporaryDirectory(prefix="coach-dask-") as folder:
        made = None
        try:
            made = Cluster(Path(folder), workers)
            yield made
        finally:
            if made is not None:
                made.stop()


class Traced(Same):
    """A transcriber that writes down which process it is in, and dies of poison over the second recording it hears.

    One process in a cluster dies of it: the first that gets so far.
    """

    def __init__(self):
        self._heard = 0

    def transcribe_many(self, spans):
        traces = Path(os.environ[TRACES])
        self._heard += 1
        (traces / f"{os.getpid()}-{self._heard}.began").touch()
        if self._heard > 1:
            with suppress(FileNotFoundError):
                (traces / POISON).unlink()
                os.kill(os.getpid(), signal.SIGKILL)
        return super().transcribe_many(spans)


def traced(settings, jobs):
    """Load what stands for a speech model on a worker."""
    return Traced()
