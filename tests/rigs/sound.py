"""A sound server of one's own: PulseAudio in a temporary folder, with nothing but two null sinks.

``callmic`` stands for the microphone (its monitor is the default source), ``callspk`` for the loudspeaker
(the default sink). More can be plugged in and out: sinks, and microphones that hear a sound of their own. Owns
starting, playing, plugging, killing and stopping; refuses to know what is tested with it. Works as root, without a
sound card, a desktop or D-Bus, and touches no server that is already there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
import time
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
_START_S, _LOOK_S = 60.0, 0.02
_NATIVE = "module-native-protocol-unix"


class SoundRig:
    """A running private server.

    Args:
        folder: an empty folder of its own; keep its path short, for sockets have little room for theirs.
        furnished: with the two null sinks.
    """

    def __init__(self, folder: Path, *, furnished: bool = True) -> None:
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
        self._players: list[tuple[str, subprocess.Popen[bytes]]] = []
        self._speakers: dict[str, _Speaker] = {}
        self._folder = folder
        self._log = folder / "pulse.log"
        self._socket = run / "pulse" / "native"
        self._server = self._begin()
        if furnished:
            try:
                self._furnish()
            except BaseException:
                self.stop()
                raise

    def _begin(self) -> subprocess.Popen[bytes]:
        command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"]
        command += ["--disable-shm", f"--log-target=file:{self._log}", "-L", _NATIVE]
        self._server = subprocess.Popen(
            command, env=os.environ | self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            self._await()
        except BaseException:
            self.stop()
            raise
        return self._server

    def _await(self) -> None:
        for _ in range(round(_START_S / _LOOK_S)):
            if self._socket.exists():
                break
            with suppress(subprocess.TimeoutExpired):
                self._server.wait(timeout=_LOOK_S)
                raise RuntimeError(f"PulseAudio ended at once: {self._log.read_text()}")
        else:
            raise RuntimeError(f"PulseAudio did not start within {_START_S:g} seconds.")

    def _furnish(self) -> None:
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

    def add_sink(self, name: str, rate: int = 48_000) -> int:
        """Add a null sink, whose monitor is ``NAME.monitor``; return the number to remove it by.

        Without rewinds it brings its first block after 0.2 s, as a sound card does, and not after up to 2 s.
        """
        words = [f"sink_name={name}", f"rate={rate}", "norewinds=1"]
        described = f"sink_properties=device.description={name}"
        return int(self.control("load-module", "module-null-sink", *words, described))

    def remove_sink(self, name: str) -> None:
        """Remove a null sink and its monitor, as if the device were unplugged."""
        self._unload(f"sink_name={name} ")

    def add_microphone(self, name: str, hertz: float) -> None:
        """Plug a microphone in, a source called NAME before which somebody sings this tone without end."""
        fifo = self._folder / f"{name}.fifo"
        fifo.unlink(missing_ok=True)  # a server that was killed leaves it
        words = [f"source_name={name}", f"file={fifo}", "format=s16le", f"rate={RATE}", "channels=1"]
        self.control(
            "load-module", "module-pipe-source", *words, f"source_properties=device.description={name}"
        )
        self._speakers[name] = _Speaker(fifo, hertz)

    def remove_microphone(self, name: str) -> None:
        """Unplug a microphone."""
        self._speakers.pop(name).stop()
        self._unload(f"source_name={name} ")

    def hold(self, name: str, *, held: bool) -> None:
        """Let a microphone give nothing at all, as one whose driver hangs."""
        self._speakers[name].held = held

    def move_streams(self, source: str, to: str) -> None:
        """Move whatever records from a source to another, as a user does in a mixer."""
        rows = [line.split() for line in self.control("list", "short", "sources").splitlines()]
        number = next(row[0] for row in rows if row[1] == source)
        for line in self.control("list", "short", "source-outputs").splitlines():
            if line.split()[1] == number:
                self.control("move-source-output", line.split()[0], to)

    def _unload(self, argument: str) -> None:
        for line in self.control("list", "short", "modules").splitlines():
            if argument in f"{line} ":
                self.control("unload-module", line.split()[0])
                return
        raise LookupError(argument)

    def play(
        self, sink: str, sound: Path | NDArray[np.int16], *, ahead_ms: int = 50
    ) -> subprocess.Popen[bytes]:
        """Play a 16 kHz mono int16 array, or a WAV file, on a sink; it ends by itself or with the rig.

        With so much handed to the server ahead, a player that a busy machine forgets for a moment leaves no hole.
        """
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
                [*command, f"--latency-msec={ahead_ms}"],
                stdin=raw,
                env=os.environ | self.env,
                stderr=subprocess.DEVNULL,
            )
        self._players.append((sink, player))
        return player

    def silence(self, sink: str) -> None:
        """Stop what plays on a sink; the server would let it play on elsewhere when the sink is removed."""
        for where, player in self._players:
            if where == sink and player.poll() is None:
                player.terminate()
                player.wait()

    def die(self) -> None:
        """Kill the server, as a crash would, and with it all that was plugged in."""
        self._server.kill()
        self._server.wait()
        for speaker in self._speakers.values():
            speaker.stop()
        self._speakers.clear()

    def revive(self) -> None:
        """Start a server again where the dead one was; nothing is plugged in."""
        self._socket.unlink(missing_ok=True)
        self._begin()

    def stop(self) -> None:
        """Stop every player, every singer and the server; harmless when stopped already."""
        for speaker in self._speakers.values():
            speaker.stop()
        self._speakers.clear()
        processes = [*(player for _, player in self._players), self._server]
        for process in processes:
            if process.poll() is None:
                process.terminate()
        for process in processes:
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


class _Speaker:
    """Somebody who sings into a microphone: 20 ms of a tone every 20 ms, into the pipe that it reads."""

    def __init__(self, fifo: Path, hertz: float) -> None:
        self.held = False
        self._pipe = os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
        self._sound = tone(hertz, 1)  # whole periods: it goes round without a click
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._sing, name="rig-singer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _sing(self) -> None:
        sung, began = 0, time.monotonic()
        while not self._stopping.wait(0.02):
            due = round((time.monotonic() - began) * RATE)
            with suppress(BlockingIOError, BrokenPipeError):
                if not self.held:
                    os.write(self._pipe, self._sound[np.arange(sung, due) % RATE].astype("<i2").tobytes())
            sung = due
        os.close(self._pipe)


@contextmanager
def sound_rig(*, furnished: bool = True) -> Iterator[SoundRig]:
    """Start a private server; stop it and remove its folder in any case.

    Raises:
        RuntimeError: when PulseAudio is not installed, with the line that installs it.
    """
    folder = Path(tempfile.mkdtemp(prefix="coach-snd-"))
    rig: SoundRig | None = None
    try:
        rig = SoundRig(folder, furnished=furnished)
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
