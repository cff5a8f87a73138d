"""Nothing of Coach opens a connection, and what tries to is told by its place in the code."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from shelf import Shelf

from coach import app
from coach.audio import decoder_process

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / "coach").rglob("*.py"))


def guarded(code: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run code in a process of its own behind the guard: a guard cannot be taken out again."""
    program = "from coach import offline\noffline.install()\n" + textwrap.dedent(code)
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={k: v for k, v in os.environ.items() if "proxy" not in k.lower()}
        | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
        | env,
    )


def said(code: str, **env: str) -> str:
    done = guarded(code, **env)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


WAYS = {
    "a socket": "import socket; socket.socket()",
    "a datagram": "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "the next internet": "import socket; socket.socket(socket.AF_INET6)",
    "a connection": "import socket; socket.create_connection(('127.0.0.1', 9))",
    "a name": "import socket; socket.getaddrinfo('example.org', 443)",
    "an old name": "import socket; socket.gethostbyname('example.org')",
    "an address": "import socket; socket.gethostbyaddr('127.0.0.1')",
    "a page": "import urllib.request; urllib.request.urlopen('https://example.org/?q=secret')",
    "a server": "import http.server; http.server.HTTPServer(('', 0), None)",
    "mail": "import smtplib; smtplib.SMTP('example.org')",
    "a browser": "import webbrowser; webbrowser.open('https://example.org/?q=secret')",
    "a loop": "import asyncio; asyncio.run(asyncio.open_connection('127.0.0.1', 9))",
    "the hub": "import huggingface_hub; huggingface_hub.HfApi(endpoint='https://127.0.0.1').model_info('secret')",
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_the_network_is_refused(way):
    done = guarded(WAYS[way], BROWSER="true %s")
    assert done.returncode == 1
    assert "refused" in done.stderr or "OfflineModeIsEnabled" in done.stderr


def test_a_refusal_names_the_code_that_asked_and_nothing_of_what_it_asked_for(tmp_path):
    module = tmp_path / "nosy" / "sender.py"
    module.parent.mkdir()
    module.write_text(
        "import urllib.request\n\ndef send(text):\n    urllib.request.urlopen('https://example.org/?q=' + text)\n"
    )
    told = said(
        f"""
        import sys; sys.path.insert(0, {str(tmp_path)!r})
        from nosy.sender import send
        try:
            send('secret')
        except offline.NetworkRefusedError as e:
            print(e)
        print(offline.refusals())
        """
    )
    assert "nosy/sender.py:4" in told
    assert told.count("urllib.Request by") == 1
    assert "secret" not in told
    assert "example" not in told


def test_a_refusal_is_logged_once_without_data():
    done = guarded("import socket; socket.getaddrinfo('secret.example.org', 80)")
    logged = [line for line in done.stderr.splitlines() if line.startswith("refused: ")]
    assert logged == ["refused: socket.getaddrinfo by <string>:3"]


def test_what_stays_on_this_machine_passes(tmp_path):
    assert (
        said(
            f"""
            import asyncio, multiprocessing, os, socket
            near, far = socket.socketpair(); near.close(); far.close()
            server = socket.socket(socket.AF_UNIX); server.bind({str(tmp_path / "s")!r}); server.listen()
            with socket.socket(socket.AF_UNIX) as guest: guest.connect({str(tmp_path / "s")!r})
            server.close()
            here, there = multiprocessing.Pipe(); here.send('x'); there.recv(); here.close(); there.close()
            asyncio.run(asyncio.sleep(0))
            print('passed', offline.refusals())
            """
        )
        == "passed ()"
    )


def test_the_guard_stays_whatever_is_done_to_its_module():
    told = said(
        """
        import importlib, socket, sys
        offline.install(); offline.install()
        importlib.reload(offline)
        with offline.allowed('what a second copy of the module allows', None, every_thread=True):
            pass
        del sys.modules['coach.offline']
        sys.modules.pop('coach', None)
        try:
            socket.socket()
        except PermissionError:
            print('refused')
        """
    )
    assert told == "refused"


LEAVE = """
    import socket, threading
    def tried(ask):
        try:
            ask()
        except offline.NetworkRefusedError:
            return 'refused'
        except OSError:
            return 'let through'
        return 'let through'
    def to(host, port=9):
        with socket.socket() as s:
            s.settimeout(1)
            s.connect((host, port))
    def listen():
        with socket.socket() as s:
            s.bind(('127.0.0.1', 0))
    found = []
    with offline.allowed('a test', ['127.0.0.1'], ('.example.test',)):
        found.append(tried(lambda: to('127.0.0.1')))
        found.append(tried(lambda: socket.getaddrinfo('127.0.0.1', 80)))
        found.append(tried(lambda: socket.getaddrinfo('evil-example.test', 80)))
        found.append(tried(listen))
        other = threading.Thread(target=lambda: found.append(tried(lambda: to('127.0.0.1'))))
        other.start(); other.join()
    found.append(tried(lambda: to('127.0.0.1')))
    print(found)
"""


def test_leave_is_for_its_hosts_its_thread_and_its_time():
    let, no = "let through", "refused"
    assert said(LEAVE) == str([let, let, no, no, no, no])


def test_an_address_that_nobody_looked_up_is_refused_even_with_leave():
    told = said(
        """
        import socket
        with offline.allowed('a test', ['example.test']), socket.socket() as s:
            try:
                s.connect(('127.0.0.1', 9))
            except offline.NetworkRefusedError:
                print('refused')
        """
    )
    assert told == "refused"


def test_a_model_download_passes_and_nothing_else_does_while_it_runs(tmp_path):
    with Shelf({"/model": b"x" * 1000}) as shelf:
        told = said(
            f"""
            import hashlib, pathlib, socket
            from coach.speech.fetch import Digest, Hosts, Web
            hosts = Hosts(frozenset({{'127.0.0.1'}}), ('.shelf.test',), scheme='http')
            digest = Digest('sha256', hashlib.sha256(b'x' * 1000).hexdigest())
            def tell(_):
                try:
                    socket.socket()
                except offline.NetworkRefusedError:
                    told.add('refused beside it')
            told = set()
            into = pathlib.Path({str(tmp_path / "model")!r})
            Web(hosts).fetch({shelf.at + "/model"!r}, 1000, digest, into, tell)
            print(into.stat().st_size, told)
            """
        )
    assert told == "1000 {'refused beside it'}"


def test_the_screen_of_another_machine_may_be_asked_whether_it_is_there():
    told = said("from coach.ui.screen import screen_available; print(screen_available(), offline.refusals())")
    assert told.endswith("()")
    told = said(
        "from coach.ui.screen import screen_available; print(screen_available(), offline.refusals())",
        DISPLAY="127.0.0.1:99",
    )
    assert told == "False ()"


def test_every_command_begins_with_the_guard():
    told = said(
        """
        import sys
        offline.install = lambda: print('installed')
        sys.argv = ['coach', '--version']
        from coach.cli import main
        main()
        """
    )
    assert told.splitlines()[0] == "installed"


def test_workers_begin_with_the_guard_and_the_hub_switched_off(tmp_path):
    """Before any of the hub's code is loaded: it reads these once."""
    script = tmp_path / "start.py"
    script.write_text(
        textwrap.dedent(
            """
            import multiprocessing, os, sys
            from coach.jobs import walled
            from coach.practice_process import PracticeProcess
            from coach.settings import Settings

            def look(line, *_):
                from coach import offline
                loaded = [m for m in sys.modules if m.split('.')[0] in ('huggingface_hub', 'faster_whisper')]
                names = ('HF_HUB_OFFLINE', 'HF_HUB_DISABLE_TELEMETRY')
                line.send((offline.installed(), [os.environ.get(n) for n in names], loaded))

            if __name__ == '__main__':
                from coach.jobs import _Worker
                worker = _Worker(Settings(), 1, look)
                print(worker.line.recv())
                worker.end()
                process = PracticeProcess(look, Settings())
                print(process.line.recv())
                process.end()
            """
        )
    )
    env = {k: v for k, v in os.environ.items() if not k.startswith("HF_")}
    done = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=env | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
    )
    assert done.stdout.splitlines() == ["(True, ['1', '1'], [])"] * 2, done.stderr


def test_the_command_line_switches_the_hub_off_before_it_is_loaded(monkeypatch):
    told = said(
        """
        import sys
        from coach import app
        import coach.cli
        loaded = [m for m in sys.modules if m.split('.')[0] in ('huggingface_hub', 'faster_whisper')]
        app.settle_environment()
        import faster_whisper
        from huggingface_hub import constants
        print(loaded, constants.HF_HUB_OFFLINE, constants.HF_HUB_DISABLE_TELEMETRY, offline.refusals())
        """
    )
    assert told == "[] True True ()"


def test_the_decoding_process_installs_the_guard_before_anything_else():
    body = ast.parse(Path(decoder_process.__file__).read_text(encoding="utf-8"))
    main = next(n for n in body.body if isinstance(n, ast.FunctionDef) and n.name == "main")
    assert ast.unparse(main.body[1]) == "offline.install()"


def imports(path: Path) -> set[tuple[str, str]]:
    """Return what a source imports, wherever in it: the module, and the name taken from it."""
    found: set[tuple[str, str]] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {(a.name, "") for a in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {(node.module, a.name) for a in node.names}
    return found


def test_of_qts_network_there_is_the_one_local_socket_and_nothing_else():
    """Qt's sockets go past Python, where no hook sees them."""
    found = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in SOURCES
        for module, name in imports(path)
        if module.startswith(("PySide6.QtNetwork", "PySide6.QtWeb", "PySide6.QtHttp", "PySide6.QtRemote"))
    }
    assert found == {("coach/ui/instance.py", "QLocalServer"), ("coach/ui/instance.py", "QLocalSocket")}


def test_no_library_of_the_network_is_loaded_anywhere_else():
    known = {
        "socket": {"offline", "desktop", "ui/screen", "audio/decoders", "audio/decoder_process"},
        "ssl": {"speech/fetch"},
        "http": {"speech/fetch"},
        "urllib": {"speech/fetch", "offline"},
        "distributed": {"cluster"},
    }
    network = {*known, "requests", "httpx", "aiohttp", "urllib3", "websockets", "ftplib", "smtplib", "xmlrpc"}
    network |= {"telnetlib", "webbrowser", "socketserver", "sentry_sdk", "grpc"}
    for path in SOURCES:
        here = path.relative_to(ROOT / "coach").with_suffix("").as_posix()
        for module, _ in imports(path):
            top = module.split(".")[0]
            assert top not in network or here in known.get(top, set()), f"{here} imports {module}"


def test_settled_means_no_hub_and_no_telemetry(monkeypatch):
    for name in ("HF_HUB_OFFLINE", "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK"):
        monkeypatch.delenv(name, raising=False)
    app.settle_environment()
    assert [os.environ[n] for n in ("HF_HUB_OFFLINE", "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK")] == [
        "1"
    ] * 3
