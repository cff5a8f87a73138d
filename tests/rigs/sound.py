"""A sound server of one's own: PulseAudio in a temporary folder, with nothing but two null sinks.

``callmic`` stands for the microphone (its monitor is the default source), ``callspk`` for the loudspeaker
(the default sink). Owns starting, playing and stopping; refuses to know what is tested with it. Works as
root, without a sound card, a desktop or D-Bus, and touches no server that is already there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import wave
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

MICROPHONE, LOUDSPEAKER = "callmic", "callspk"
RATE = 16_000
_APT = "sudo apt install pulseaudio pulseaudio-utils libasound2-plugins libportaudio2"
_START_S, _LOOK_S = 20.0, 0.02
_NATIVE = "module-native-protocol-unix"


class SoundRig:
    """A running private server.

    Args:
        folder: an empty folder of its own; keep its path short, for sockets have little room for theirs.
    """

    def __init__(self, folder: Path) -> None:
        for program in ("pulseaudio", "pactl", "pacat"):
            if shutil.which(program) is None:
                raise RuntimeError(f"'{program}' is not installed: {_APT}")
        run = folder / "run"
        (folder / "home").mkdir(parents=True)
        run.mkdir(mode=0o700)
        self.env = {
            "XDG_RUNTIME_DIR": str(run),
            "PULSE_RUNTIME_PATH": str(run / "pulse"),
            "PULSE_STATE_PATH": str(folder / "state"),
            "PULSE_SERVER": f"unix:{run}/pulse/native",
            "PULSE_COOKIE": str(folder / "cookie"),
            "HOME": str(folder / "home"),
        }
        """What a child process (or this one, see `here`) needs in its environment to use this server."""
        self._players: list[subprocess.Popen[bytes]] = []
        self._log = folder / "pulse.log"
        command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"]
        command += ["--disable-shm", f"--log-target=file:{self._log}", "-L", _NATIVE]
        self._server = subprocess.Popen(
            command, env=os.environ | self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            self._furnish()
        except BaseException:
            self.stop()
            raise

    def _furnish(self) -> None:
        socket = Path(self.env["PULSE_RUNTIME_PATH"], "native")
        for _ in range(round(_START_S / _LOOK_S)):
            if socket.exists():
                break
            with suppress(subprocess.TimeoutExpired):
                self._server.wait(timeout=_LOOK_S)
                raise RuntimeError(f"PulseAudio ended at once: {self._log.read_text()}")
        else:
            raise RuntimeError(f"PulseAudio did not start within {_START_S:g} seconds.")
        self.add_sink(MICROPHONE)
        self.add_sink(LOUDSPEAKER)
        self.control("set-default-sink", LOUDSPEAKER)
        self.control("set-default-source", f"{MICROPHONE}.monitor")

    def control(self, *words: str) -> str:
        """Run ``pactl`` on this server and return what it says."""
        done = subprocess.run(
            ["pactl", *words],
            env=os.environ | self.env,
            capture_output=True,
            text=True,
            check=True,
            timeout=20,
        )
        return done.stdout.strip()

    def add_sink(self, name: str) -> int:
        """Add a null sink, whose monitor is ``NAME.monitor``; return the number to remove it by."""
        described = f"sink_properties=device.description={name}"
        return int(
            self.control("load-module", "module-null-sink", f"sink_name={name}", "rate=48000", described)
        )

    def remove_sink(self, name: str) -> None:
        """Remove a null sink and its monitor, as if the device were unplugged."""
        for line in self.control("list", "short", "modules").splitlines():
            if f"sink_name={name} " in f"{line} ":
                self.control("unload-module", line.split()[0])
                return
        raise LookupError(name)

    def play(self, sink: str, sound: Path | NDArray[np.int16]) -> subprocess.Popen[bytes]:
        """Play a 16 kHz mono int16 array, or a WAV file, on a sink; it ends by itself or with the rig."""
        samples = _read(sound) if isinstance(sound, Path) else sound
        command = [
            "pacat",
            "--playback",
            f"--device={sink}",
            "--format=s16le",
            f"--rate={RATE}",
            "--channels=1",
        ]
        with tempfile.TemporaryFile() as raw:
            raw.write(samples.astype("<i2").tobytes())
            raw.seek(0)
            player = subprocess.Popen(
                [*command, "--latency-msec=50"],
                stdin=raw,
                env=os.environ | self.env,
                stderr=subprocess.DEVNULL,
            )
        self._players.append(player)
        return player

    def die(self) -> None:
        """Kill the server, as a crash would."""
        self._server.kill()
        self._server.wait()

    def stop(self) -> None:
        """Stop every player and the server; harmless when stopped already."""
        for process in (*self._players, self._server):
            if process.poll() is None:
                process.terminate()
        for process in (*self._players, self._server):
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    @contextmanager
    def here(self) -> Iterator[None]:
        """Let this very process use the server for a while."""
        before = {name: os.environ.get(name) for name in self.env}
        os.environ.update(self.env)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value


@contextmanager
def sound_rig() -> Iterator[SoundRig]:
    """Start a private server; stop it and remove its folder in any case.

    Raises:
        RuntimeError: when PulseAudio is not installed, with the line that installs it.
    """
    folder = Path(tempfile.mkdtemp(prefix="coach-snd-"))
    rig: SoundRig | None = None
    try:
        rig = SoundRig(folder)
        yield rig
    finally:
        if rig is not None:
            rig.stop()
        shutil.rmtree(folder, ignore_errors=True)


def tone(hertz: float, seconds: float, *, peak: float = 8000.0) -> NDArray[np.int16]:
    """Return a sine as 16 kHz int16."""
    t: NDArray[Any] = np.arange(int(seconds * RATE)) / RATE
    return np.rint(np.sin(2 * np.pi * hertz * t) * peak).astype(np.int16)


def _read(path: Path) -> NDArray[np.int16]:
    with wave.open(str(path)) as f:
        if (f.getframerate(), f.getnchannels(), f.getsampwidth()) != (RATE, 1, 2):
            raise ValueError(f"{path} is not 16 kHz mono int16")
        return np.frombuffer(f.readframes(f.getnframes()), np.int16)
