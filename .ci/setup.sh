#!/bin/sh
# Set Coach up: a virtual environment, the program, its speech model, the system's libraries.
# usage: setup.sh PYTHON VENV run|test
#
# System libraries are installed where this user may (root, or sudo without a password); else the one line to
# type is printed, and everything that can go on without them goes on.
set -eu
python=$1 venv=$2 what=$3

# What Qt's windows, PortAudio and its way to PulseAudio or PipeWire need on Debian (docs/decisions.md).
libraries="libegl1 libgl1 libglib2.0-0 libdbus-1-3 libfontconfig1 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4
libxcb-keysyms1 libxcb-shape0 libxcb-xkb1 libportaudio2 libasound2-plugins"
# A screen, a window manager, a sound server, a browser and a screen reader's ears of the tests' own, and what shows that
# no part reaches a network.
desktop="pulseaudio pulseaudio-utils xvfb openbox picom xdotool x11-utils imagemagick chromium strace util-linux
at-spi2-core dbus-daemon gir1.2-atspi-2.0 python3-gi"

say() { printf '%s\n' "$*"; }

absent() {
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || printf '%s ' "$package"
    done
}

install_packages() {
    command -v dpkg-query >/dev/null 2>&1 || return 0
    wanted=$(absent "$@")
    [ -n "$wanted" ] || return 0
    if [ "$(id -u)" = 0 ]; then as=; elif sudo -n true 2>/dev/null; then as=sudo; else
        say "Some system libraries are missing. Coach works without a screen or microphone until you type:"
        say "  sudo apt-get install -y --no-install-recommends $wanted"
        return 0
    fi
    say "Installing system libraries: $wanted"
    # shellcheck disable=SC2086 - a list of packages
    $as apt-get update -qq &&
        $as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $wanted >/dev/null ||
        say "They could not be installed. To try by hand: apt-get install -y --no-install-recommends $wanted"
}

make_venv() {
    [ -x "$venv/bin/python" ] && return 0
    "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || {
        say "Coach needs Python 3.11, 3.12 or 3.13; '$python' is another. Try: make PYTHON=python3.12 $what"
        exit 2
    }
    if "$python" -c 'import ensurepip' 2>/dev/null; then
        "$python" -m venv "$venv"
        return 0
    fi
    # Debian keeps ensurepip in a package of its own.
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    install_packages "python$version-venv"
    "$python" -m venv "$venv" || {
        rm -rf "$venv"
        say "Python cannot make a virtual environment here. Type: sudo apt-get install -y python$version-venv"
        exit 2
    }
}

# shellcheck disable=SC2086 - lists of packages
if [ "$what" = test ]; then install_packages $libraries $desktop; else install_packages $libraries; fi
make_venv
say "Installing Coach and its speech model into $venv (some 400 MB the first time) ..."
pip() { "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$@"; }
# What runs is what was tested, byte for byte (.ci/lock.sh writes the locks); what only tests is the newest of its range.
pip --require-hashes -r .ci/requirements.lock
pip --require-hashes -r .ci/build.lock
pip --no-build-isolation --no-deps -e .
[ "$what" = run ] || pip --no-build-isolation -e '.[dev]'
"$venv/bin/python" -c '
from coach.speech.models import find_model
from coach.trouble import Trouble
try:
    model = find_model("tiny.en")
except Trouble as trouble:
    raise SystemExit(f"{trouble}")
print(f"Speech model {model.name}: every byte as pinned.")
'
