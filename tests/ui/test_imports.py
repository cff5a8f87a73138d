"""What a window brings with it: no device, no model, no database, however far one follows its imports."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from coach import ui

UI = Path(ui.__file__).parent
NEVER = (
    "sounddevice",
    "pulsectl",
    "pyaudiowpatch",
    "av",
    "faster_whisper",
    "ctranslate2",
    "onnxruntime",
    "sqlite3",
)
ROOMS = ("coach.audio", "coach.speech", "coach.archive")


def test_no_widget_imports_a_device_or_a_model_however_far_away() -> None:
    modules = sorted(f"coach.ui.{path.stem}" for path in UI.glob("[a-z]*.py"))
    assert len(modules) > 50
    code = f"import sys, {', '.join(modules)}; print(*sys.modules, sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    loaded = set(done.stdout.split())
    assert "PySide6.QtWidgets" in loaded
    assert loaded & {*NEVER, *ROOMS} == set()


def test_what_every_window_has_is_styled_in_one_place() -> None:
    """Stage and page have their own look; every other window has the one sheet and what it alone adds."""
    shared = re.compile(r"^(?:QScrollBar|QMenu|QToolTip|QPushButton:default)\b", re.MULTILINE)
    assert [path.name for path in sorted(UI.glob("*.py")) if shared.search(path.read_text("utf-8"))] == [
        "sheet.py"
    ]
