"""A download arrives to the byte, goes on where it broke, and asks nobody but the servers we know."""

from __future__ import annotations

import errno
import hashlib
import ssl
import urllib.error
from pathlib import Path

import pytest
from shelf import Shelf

from coach.speech import fetch
from coach.speech.fetch import HOSTS, Digest, Web
from coach.speech.models import catalogue
from coach.speech.store import downloads
from coach.trouble import Trouble

DATA = bytes(range(256)) * 40
SIZE = len(DATA)
SHA = Digest("sha256", hashlib.sha256(DATA).hexdigest())


@pytest.fixture
def shelf():
    with Shelf({"/model.bin": DATA}) as made:
        yield made


def bring(shelf, folder, digest=SHA, path="/model.bin", size=SIZE):
    """Fetch the file; return it, and what was told on the way."""
    told: list[int] = []
    Web(shelf.hosts, timeout_s=5).fetch(shelf.at + path, size, digest, folder / "model.bin", told.append)
    return (folder / "model.bin").read_bytes(), told


def leavings(folder):
    return sorted(p.name for p in folder.iterdir())


def test_a_whole_file_comes_and_nothing_else_is_left(shelf, tmp_path):
    data, told = bring(shelf, tmp_path)
    assert data == DATA
    assert (told[0], told[-1]) == (0, len(DATA))
    assert leavings(tmp_path) == ["model.bin"]


def test_a_request_carries_nothing_about_the_user(shelf, tmp_path):
    bring(shelf, tmp_path)
    assert shelf.carried == {"Accept-Encoding", "Host", "User-Agent", "Connection"}


def test_a_broken_line_goes_on_from_where_it_broke(shelf, tmp_path):
    shelf.cuts = [4000, 2000]
    assert bring(shelf, tmp_path)[0] == DATA
    assert shelf.asked == [
        ("/model.bin", "", ""),
        ("/model.bin", "bytes=4000-", '"one"'),
        ("/model.bin", "bytes=6000-", '"one"'),
    ]


def test_a_line_that_brings_nothing_is_not_tried_for_ever_and_its_part_stays(shelf, tmp_path):
    shelf.cuts = [4000, 0, 0, 0]
    with pytest.raises(Trouble, match=r"broke.*goes on from there"):
        bring(shelf, tmp_path)
    assert (tmp_path / "model.bin.part").stat().st_size == 4000
    data, told = bring(shelf, tmp_path)
    assert data == DATA
    assert told[0] == 4000
    assert shelf.asked[-1] == ("/model.bin", "bytes=4000-", '"one"')


def test_a_server_without_ranges_sends_it_all_again(shelf, tmp_path):
    shelf.ranges, shelf.cuts = False, [4000]
    assert bring(shelf, tmp_path)[0] == DATA


def test_a_file_that_changed_meanwhile_is_sent_anew(shelf, tmp_path):
    shelf.cuts = [4000, 0, 0, 0]
    with pytest.raises(Trouble):
        bring(shelf, tmp_path)
    shelf.etag = '"two"'
    assert bring(shelf, tmp_path)[0] == DATA


def test_a_weak_mark_is_not_relied_on(shelf, tmp_path):
    shelf.etag, shelf.cuts = 'W/"one"', [4000]
    assert bring(shelf, tmp_path)[0] == DATA
    assert [only_if for _, _, only_if in shelf.asked] == ["", ""]


def test_an_answer_that_is_not_the_rest_is_not_believed(shelf, tmp_path):
    shelf.cuts, shelf.lies = [4000], f"bytes 0-{len(DATA) - 1}/{len(DATA)}"
    assert bring(shelf, tmp_path)[0] == DATA


def test_a_part_of_something_else_is_thrown_away_and_it_begins_anew(shelf, tmp_path):
    (tmp_path / "model.bin.part").write_bytes(b"x" * 4000)
    assert bring(shelf, tmp_path)[0] == DATA
    (tmp_path / "model.bin.part").write_bytes(b"x" * (len(DATA) + 1))
    assert bring(shelf, tmp_path)[0] == DATA


def test_a_part_longer_than_what_the_server_has_ends_in_a_sentence(shelf, tmp_path):
    (tmp_path / "model.bin.part").write_bytes(DATA)
    with pytest.raises(Trouble, match="not the file we know"):
        bring(shelf, tmp_path, size=SIZE + 10)


def test_another_file_than_the_one_we_know_is_thrown_away(shelf, tmp_path):
    with pytest.raises(Trouble, match=r"127\.0\.0\.1 sent for model\.bin is not the file we know"):
        bring(shelf, tmp_path, Digest("sha256", "0" * 64))
    assert "model.bin" not in leavings(tmp_path)
    assert "model.bin.part" not in leavings(tmp_path)


def test_a_file_of_another_length_is_not_even_fetched(shelf, tmp_path):
    with pytest.raises(Trouble, match="not the file we know"):
        bring(shelf, tmp_path, size=SIZE - 1)
    assert leavings(tmp_path) == []


def test_git_knows_a_small_file_by_its_own_name(shelf, tmp_path):
    blob = hashlib.sha1(b"blob %d\0" % len(DATA) + DATA, usedforsecurity=False).hexdigest()
    assert bring(shelf, tmp_path, Digest("git", blob))[0] == DATA


def test_ctrl_c_leaves_the_part(shelf, tmp_path):
    def stop(here):
        if here:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Web(shelf.hosts).fetch(shelf.at + "/model.bin", len(DATA), SHA, tmp_path / "model.bin", stop)
    assert (tmp_path / "model.bin.part").stat().st_size == len(DATA)
    asked = len(shelf.asked)
    assert bring(shelf, tmp_path)[0] == DATA
    assert len(shelf.asked) == asked, "it was all here"


def test_a_redirect_is_followed_on_the_same_server(shelf, tmp_path):
    shelf.onward["/here"] = "/model.bin"
    assert bring(shelf, tmp_path, path="/here")[0] == DATA


@pytest.mark.parametrize(
    "away", ["http://elsewhere.test/model.bin", "file:///etc/passwd", "ftp://127.0.0.1/x"]
)
def test_a_redirect_to_a_stranger_is_not_followed(shelf, tmp_path, away):
    shelf.onward["/here"] = away
    with pytest.raises(Trouble, match=r"does not (download from|give the file)"):
        bring(shelf, tmp_path, path="/here")


def test_only_https_and_only_the_servers_of_the_catalogue():
    for entry in catalogue():
        for wanted in downloads(entry):
            HOSTS.check(wanted.url)
    HOSTS.check("https://cdn-lfs.hf.co/x", redirected=True)
    HOSTS.check("https://cas-bridge.xethub.hf.co/x", redirected=True)
    for url in (
        "http://huggingface.co/x",
        "https://cdn-lfs.hf.co/x",
        "https://evil-huggingface.co/x",
        "https://huggingface.co.evil.test/x",
        "file:///etc/passwd",
    ):
        with pytest.raises(Trouble, match="does not download from"):
            HOSTS.check(url)
    for url in ("http://cdn-lfs.hf.co/x", "https://evilhf.co/x", "https://hf.co.evil.test/x"):
        with pytest.raises(Trouble, match="does not download from"):
            HOSTS.check(url, redirected=True)


def test_a_server_that_refuses_is_told_with_its_code(shelf, tmp_path):
    with pytest.raises(Trouble, match="code 404"):
        bring(shelf, tmp_path, path="/none")
    shelf.code = 503
    with pytest.raises(Trouble, match="code 503"):
        Web(shelf.hosts).read(shelf.at + "/model.bin", 10)


def test_without_a_network_it_says_so(tmp_path):
    with Shelf() as gone:
        pass
    with pytest.raises(Trouble, match=r"or there is none.*when you are online"):
        bring(gone, tmp_path)
    with pytest.raises(Trouble, match="or there is none"):
        Web(gone.hosts).read(gone.at + "/list", 10)


def test_a_certificate_that_is_not_trusted_is_called_that(shelf, tmp_path, monkeypatch):
    web = Web(shelf.hosts)
    asked = []

    def distrust(request, timeout):
        asked.append(request)
        raise urllib.error.URLError(ssl.SSLCertVerificationError("self-signed"))

    monkeypatch.setattr(web._opener, "open", distrust)
    with pytest.raises(Trouble, match=r"certificate.*date of this computer"):
        web.fetch(shelf.at + "/model.bin", len(DATA), SHA, tmp_path / "model.bin", lambda _: None)
    assert len(asked) == 1, "trying again would not help"


def test_a_short_answer_is_read_and_a_long_one_is_not(shelf):
    web = Web(shelf.hosts)
    assert web.read(shelf.at + "/model.bin", len(DATA)) == DATA
    with pytest.raises(Trouble, match="more than was asked for"):
        web.read(shelf.at + "/model.bin", 100)


def test_a_folder_that_cannot_be_written_is_told(shelf, tmp_path, monkeypatch):
    full = OSError(errno.ENOSPC, "No space left on device")

    def refuse(*_args, **_how):
        raise full

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(Trouble, match=r"No space left on device.*Free some space"):
        bring(shelf, tmp_path)


def test_a_disk_that_fills_up_on_the_way_is_told_and_the_part_stays(shelf, tmp_path, monkeypatch):
    monkeypatch.setattr(fetch, "BLOCK", 4000)

    class Full:
        """A file on a disk with room for one block."""

        def __init__(self, opened):
            self._opened = opened

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self._opened.close()

        def seek(self, place):
            self._opened.seek(place)

        def flush(self):
            self._opened.flush()

        def write(self, block):
            if self._opened.tell():
                raise OSError(errno.ENOSPC, "No space left on device")
            self._opened.write(block)

    opened = fetch._opened
    monkeypatch.setattr(fetch, "_opened", lambda part, mode: Full(opened(part, mode)))
    with pytest.raises(Trouble, match="No space left"):
        bring(shelf, tmp_path)
    assert (tmp_path / "model.bin.part").read_bytes() == DATA[:4000]
