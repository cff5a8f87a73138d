"""Print which licences come with Coach: a table of the installed run set, then what lies in this repository.

    python .ci/licences.py docs/sbom.json > docs/licences.md

`.ci/lock.sh` calls it in the environment of the run set.

The version comes from the bill of materials, the licence from each package's own metadata; where a package names none
in a form that machines read, `NAMED_ELSEWHERE` says what stands in its repository.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import metadata
from pathlib import Path

NAMED_ELSEWHERE = {
    "protobuf": "BSD-3-Clause",
    "tqdm": "MPL-2.0 AND MIT",
    "av": "BSD-3-Clause; the wheel carries FFmpeg with x264 and x265 (GPL-2.0-or-later)",
    "onnxruntime": "MIT",
    "hf-xet": "Apache-2.0",
}

HEAD = """# Licences of what ships

Written by `.ci/lock.sh` from the packages as they are installed on Linux with Python 3.11; `docs/sbom.json` is the
same for machines (CycloneDX 1.6), `.ci/requirements.lock` has the sha256 of every file on every system.

## Installed beside Coach

| package | version | licence |
|---|---|---|"""

REST = """
Qt (PySide6, shiboken6) is used under the LGPL 3: as shared libraries that you may replace. No module of Qt under the
GPL alone is loaded. `soxr` is used under the LGPL 2.1, also as a library of its own. Anybody may install the wheel of
`av`, but an installer that carries it along falls under the GPL, because of x264 and x265 inside; Coach uses neither.

## In this repository

| what | where | licence |
|---|---|---|
| Coach | everywhere else | Apache-2.0 (`LICENSE`) |
| demo calls | `assets/demo` | `assets/demo/LICENCE.md` |
| icons | `assets/icons` | `assets/icons/LICENCE.md` |
| weights of the cues, with the sentence encoder they rest on | `models/cues` | `models/cues/README.md` |
| weights of the voice print | `models/voice` | `models/voice/README.md` |
| speech models | a package of their own, or fetched when you ask | `models/README.md` |
| Silero's voice activity | inside `faster-whisper` | MIT |"""


def licence(name: str) -> str:
    """Return the licence that a package names, in one line."""
    if name in NAMED_ELSEWHERE:
        return NAMED_ELSEWHERE[name]
    about = metadata(name)
    expression = about.get("License-Expression")
    if expression:
        return str(expression)
    classified = [c.split(" :: ")[-1] for c in about.get_all("Classifier", []) if c.startswith("License ::")]
    named = (about.get("License") or "").strip().splitlines()[:1]
    found = ", ".join(classified or named)
    if not found:
        sys.exit(f"{name} names no licence: look it up and add it to NAMED_ELSEWHERE.")
    return found


def main() -> None:
    """Print the page."""
    parts = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["components"]
    print(HEAD)
    for part in sorted(parts, key=lambda p: p["name"].lower()):
        print(f"| {part['name']} | {part['version']} | {licence(part['name'])} |")
    print(REST)


if __name__ == "__main__":
    main()
