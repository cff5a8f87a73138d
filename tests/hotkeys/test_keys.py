"""Keys are read as people write them, and taken from each system as its documentation has it."""

from __future__ import annotations

import ctypes
import queue

import pytest
from rigs.screen import Screen, until

from coach.hotkeys.keys import KNOWN, MODIFIERS, Keys, here, read_keys
from coach.hotkeys.macos import _CODES, DIRECT, ID, OURS, MacKeys
from coach.hotkeys.windows import MOD_NOREPEAT, WM_HOTKEY, WM_QUIT, WindowsKeys, virtual_key
from coach.hotkeys.x11 import X11Keys, _symbol
from coach.trouble import Trouble

WAIT_S = 30.0
TOGGLE, HIDE = Keys("F9", frozenset({"Ctrl", "Shift"})), Keys("H", frozenset({"Super", "Shift"}))


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Ctrl+Alt+F9", "Ctrl+Alt+F9"),
        (" strg + umschalt + pause ", "Ctrl+Shift+Pause"),
        ("cmd+option+c", "Alt+Super+C"),
        ("Super+PageUp", "Super+PageUp"),
    ],
)
def test_keys_are_read_as_people_write_them(text: str, keys: str) -> None:
    assert str(read_keys(text)) == keys
    assert read_keys(keys) == read_keys(text)


def test_no_keys_are_no_keys() -> None:
    assert read_keys("") is None
    assert read_keys("  ") is None


@pytest.mark.parametrize("text", ["Ctrl+", "Ctrl+Banana", "Hyper+F9", "Ctrl++", "F9+Ctrl", "++"])
def test_what_names_no_keys_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(Trouble, match="names no keys"):
        read_keys(text)


@pytest.mark.parametrize("text", ["A", "F9", "Shift+A"])
def test_a_key_that_everybody_types_is_not_taken(text: str) -> None:
    with pytest.raises(Trouble, match="from every other program"):
        read_keys(text)


def test_every_key_has_a_name_on_every_system() -> None:
    names = set(KNOWN.values())
    assert len({_symbol(name) for name in names}) == len(names)
    assert len({virtual_key(name) for name in names}) == len(names)
    lacking = names - set(_CODES)
    assert lacking == {"Pause", "F21", "F22", "F23", "F24"}, "a Mac's keyboard has none of these"
    assert set(MODIFIERS.values()) == {"Ctrl", "Alt", "Shift", "Super"}


def test_wayland_has_no_port_though_an_x_server_is_at_hand() -> None:
    assert here({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}) is None
    assert here({}) is None


@pytest.mark.desktop
def test_under_x11_keys_come_from_inside_another_program_and_a_taken_one_is_said() -> None:
    with Screen() as screen:
        pressed: queue.Queue[int] = queue.Queue()
        first, second = X11Keys(screen.display), X11Keys(screen.display)
        assert first.begin((TOGGLE, HIDE), pressed.put) == ()
        console = Keys("F9", frozenset({"Ctrl", "Alt"}))
        assert second.begin((HIDE, TOGGLE, Keys("F8", frozenset({"Alt"})), console), lambda _: None) == (
            0,
            1,
            3,
        )
        screen.ask("xdotool", "key", "ctrl+shift+F9")
        assert pressed.get(timeout=WAIT_S) == 0
        screen.ask("xdotool", "key", "super+shift+h")
        assert pressed.get(timeout=WAIT_S) == 1
        screen.ask("xdotool", "key", "Num_Lock", "ctrl+shift+F9", "Num_Lock")
        assert pressed.get(timeout=WAIT_S) == 0, "Num Lock is no reason"
        screen.ask("xdotool", "key", "ctrl+F9", "alt+F9", "ctrl+alt+shift+F8", "super+shift+h")
        assert pressed.get(timeout=WAIT_S) == 1, "and nothing else was taken"
        first.end()
        second.end()
        third = X11Keys(screen.display)
        until(lambda: third._take(0, TOGGLE), WAIT_S)  # given back: free again
        third.end()
    with pytest.raises(OSError, match="does not answer"):
        X11Keys(screen.display)


class User:
    """user32 and kernel32: a message queue, and keys of which one is another program's."""

    def __init__(self) -> None:
        self.queue: queue.Queue[tuple[int, int]] = queue.Queue()
        self.keys: dict[int, tuple[int, int]] = {}

    def GetCurrentThreadId(self):  # noqa: N802 - the system's name
        return 4711

    def PeekMessageW(self, *_):  # noqa: N802 - the system's name
        return 0

    def RegisterHotKey(self, window, number, held, code):  # noqa: N802 - the system's name
        if code.value == virtual_key("H"):
            return 0
        self.keys[number.value] = held.value, code.value
        return 1

    def UnregisterHotKey(self, window, number):  # noqa: N802 - the system's name
        del self.keys[number.value]

    def GetMessageW(self, message, *_):  # noqa: N802 - the system's name
        message._obj.message, message._obj.wparam = self.queue.get(timeout=WAIT_S)
        return int(message._obj.message != WM_QUIT)

    def PostThreadMessageW(self, thread, message, *_):  # noqa: N802 - the system's name
        assert thread.value == 4711
        self.queue.put((message.value, 0))


def test_windows_hands_keys_to_a_thread_that_waits() -> None:
    system, pressed = User(), queue.Queue()
    port = WindowsKeys(system, system)
    assert port.begin((TOGGLE, HIDE), pressed.put) == (1,)
    assert system.keys == {0: (MOD_NOREPEAT | 2 | 4, 0x78)}
    system.queue.put((WM_HOTKEY, 0))
    assert pressed.get(timeout=WAIT_S) == 0
    port.end()
    assert system.keys == {}


class Carbon:
    """Carbon: keys of which one is another program's, and the handler that it was given."""

    def __init__(self) -> None:
        self.keys: dict[int, tuple[int, int]] = {}
        self.GetApplicationEventTarget = lambda: 5
        self.GetApplicationEventTarget.restype = None
        self._event = (0, 0)

    def InstallEventHandler(self, target, handler, count, kinds, data, installed):  # noqa: N802 - the system's name
        self._handler, installed._obj.value = handler, 9
        assert kinds[0].kind == 5
        return 0

    def RegisterEventHotKey(self, code, held, which, target, options, taken):  # noqa: N802 - the system's name
        if code.value == _CODES["H"]:
            return -9878  # eventHotKeyExistsErr
        self.keys[which.id] = code.value, held.value
        taken._obj.value = 100 + which.id
        return 0

    def GetEventParameter(self, event, name, kind, _actual, size, _out, into):  # noqa: N802 - the system's name
        assert (name.value, kind.value, size.value) == (DIRECT, ID, 8)
        into._obj.signature, into._obj.id = self._event
        return 0

    def press(self, signature, number):
        self._event = signature, number
        self._handler(None, ctypes.c_void_p(1), None)

    def UnregisterEventHotKey(self, key):  # noqa: N802 - the system's name
        del self.keys[key.value - 100]

    def RemoveEventHandler(self, installed):  # noqa: N802 - the system's name
        assert installed.value == 9


def test_macos_hands_keys_to_a_handler() -> None:
    system, pressed = Carbon(), []
    port = MacKeys(system)
    assert port.begin((TOGGLE, HIDE), pressed.append) == (1,)
    assert system.keys == {0: (101, 0x1200)}
    system.press(OURS, 0)
    system.press(OURS + 1, 7)
    assert pressed == [0]
    port.end()
    assert system.keys == {}
