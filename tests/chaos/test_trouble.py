"""What goes wrong around a server: the catalogue, the disk, the clock, the editor, the kernel's queue of changes."""
import os
import pathlib
import random
import shutil
import signal
import subprocess
import threading
import time

import pytest

from readers import WAYS, Readers, ask_gemini, gopher_answers, is_there, read_resumed, version_of
from running import until
from versions import STABLE, path_of, text, version, write

FAKETIME = next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
EVENTS = 16384  # the kernel's usual queue


def catalogue(server):
    return next((server.folder / "state").glob("catalogue*.db"))


def test_deleted_catalogue_is_made_anew_without_a_failed_request(run, paper, often):
    server = run()
    with Readers(server):
        for number in range(2, often(5, 20)):
            for path in (server.folder / "state").glob("catalogue*"):
                path.unlink()
            write(paper, "s0", number)
            until(lambda number=number: version_of(server, "s0") == number, 15)
    assert "is made anew" in server.log()


@pytest.mark.parametrize("where", ["start", "middle", "all", "cut"])
def test_damaged_catalogue_is_made_anew(run, paper, where):
    server = run()
    path = catalogue(server)
    size = path.stat().st_size
    with open(path, "r+b") as file:
        if where == "cut":
            file.truncate(size // 2)
        else:
            file.seek(size // 2 if where == "middle" else 0)
            file.write(os.urandom(size if where == "all" else size // 4))
    write(paper, "s0", 2)
    server.signal(signal.SIGHUP)
    until(lambda: shows(server, "s0", 2), 15)
    with Readers(server):
        write(paper, "s1", 2)
        until(lambda: version_of(server, "s1") == 2)


def shows(server, name, number):
    """Meanwhile it may say that it cannot answer at the moment, and nothing worse."""
    status, _, body = ask_gemini(server, f"/news/{name}")
    assert status in (20, 40), status
    return status == 20 and version(body) == number


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_full_disk_is_told_and_survived(run, paper):
    server = run.new()
    state = server.folder / "state"
    state.mkdir()
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m,mode=755", "none", state], capture_output=True)
    if mount.returncode:
        pytest.skip("nothing can be mounted here")
    try:
        server.configure({"server": {"access_log": state / "access.log"}})
        server.start()
        with Readers(server):
            filler = state / "filler"
            with pytest.raises(OSError), open(filler, "wb", buffering=0) as file:
                while True:
                    file.write(bytes(4096))
            for number in range(60):
                write(paper, f"f{number}", 1)
            write(paper, "s0", 2)
            until(lambda: "error" in server.log(), 15)
            size = len(server.log())
            assert version_of(server, "s1") == 1
            assert "full" in server.log(), server.log()
            filler.unlink()
            until(lambda: version_of(server, "s0") == 2 and is_there(server, "/news/f59"), 15)
            assert len(server.log()) < size + 20000
    finally:
        server.stop()
        subprocess.run(["umount", "-l", state], check=True)


@pytest.mark.skipif(not FAKETIME, reason="no faketime here")
def test_clock_may_jump_forward_and_back(run, paper, monkeypatch):
    clock = paper / ".clock"  # where the walls let it be read

    def jump(offset):
        clock.with_name(".new").write_text(f"{offset}\n")
        clock.with_name(".new").rename(clock)

    jump("+0")
    for name, value in (("LD_PRELOAD", FAKETIME), ("FAKETIME_TIMESTAMP_FILE", clock), ("FAKETIME_NO_CACHE", "1"),
                        ("NO_FAKE_STAT", "1"), ("DONT_FAKE_MONOTONIC", "1"), ("FAKETIME_DONT_FAKE_MONOTONIC", "1")):
        monkeypatch.setenv(name, str(value))
    tomorrow = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400))
    path_of(paper, "later").write_text(text(1).replace("2026-03-01T08:00:00Z", tomorrow))
    path_of(paper, "passing").write_text(text(1).replace("Tag:", f"Expires: {tomorrow}\nTag:"))
    server = run()
    monkeypatch.delenv("LD_PRELOAD")
    # A session is a day old, or of the future, all of a sudden, and rightly not taken up.
    with Readers(server, ways=[way for way in WAYS if way is not read_resumed]):
        assert not is_there(server, "/news/later") and is_there(server, "/news/passing")
        for number, offset in enumerate(("+2d", "+0", "+9d", "+1y", "+0"), 2):
            jump(offset)
            until(lambda offset=offset: is_there(server, "/news/later") == (offset != "+0"), 5)
            until(lambda offset=offset: is_there(server, "/news/passing") == (offset == "+0"), 5)
            write(paper, "s0", number)
            until(lambda number=number: version_of(server, "s0") == number, 15)
    assert "was ended" not in server.log()


def test_killed_editor_stops_nothing(run, paper, often):
    """At any moment of its work: articles change all the time, so that it is mostly writing. It backs off when it
    dies again and again; the first time it is back within a second."""
    server = run()
    rng = random.Random(4)
    over = threading.Event()
    numbers = iter(range(2, 1000000))

    def change():
        while not over.is_set():
            for name in STABLE[2:]:
                write(paper, name, next(numbers))
            time.sleep(0.05)

    writer = threading.Thread(target=change)
    back, log = [], []
    with Readers(server):
        writer.start()
        try:
            for number in range(2, often(6, 60)):
                editor = until(lambda: server.children().get("editor"), 20)
                time.sleep(rng.random() * 0.5)
                os.kill(editor, signal.SIGKILL)
                begun = time.monotonic()
                write(paper, "s0", number)
                until(lambda old=editor: server.children().get("editor", old) != old, 20)
                back.append(time.monotonic() - begun)
                until(lambda number=number: version_of(server, "s0") == number, 30)
                log.append(catalogue(server).with_name("catalogue.db-wal").stat().st_size)
        finally:
            over.set()
            writer.join()
    print(f"\n{len(back)} editors killed: the first was back after {back[0]:.2f} s, half after"
          f" {sorted(back)[len(back) // 2]:.2f} s; the write-ahead log had {max(log) >> 10} KB at most")
    assert max(log) < 64 << 20
    assert "is made anew" not in server.log().split("is served")[-1].split("there was none")[-1]


def test_overflown_queue_of_changes_loses_none(run, paper):
    server = run()
    server.signal(signal.SIGSTOP, "editor")
    with Readers(server):
        try:
            noise = [paper / "news" / name for name in ("one.txt", "two.txt")]
            for _ in range(EVENTS // 4 + 100):
                for path in noise:  # by turns: equal events in a row become one
                    path.write_text("noise")
            (paper / "news" / "deep").mkdir()
            shutil.copy(path_of(paper, "s1"), paper / "news" / "deep" / "new.gmi")
            write(paper, "s0", 2)
        finally:
            server.signal(signal.SIGCONT, "editor")
        until(lambda: version_of(server, "s0") == 2 and is_there(server, "/news/deep/new"), 15)
        shutil.copy(path_of(paper, "s1"), paper / "news" / "deep" / "newer.gmi")
        until(lambda: is_there(server, "/news/deep/newer"), 15)


def test_removed_state_folder_is_told_and_the_paper_goes_on_until_a_restart_makes_it_again(run, paper):
    server = run()
    shutil.rmtree(server.folder / "state")
    until(lambda: "the state folder was removed; a restart of the server makes it again" in server.log(), 30)
    assert is_there(server, "/news/s0") and gopher_answers(server, "/news/s0")
    assert "out of memory" not in server.log()
    server.stop()
    server.gemini = server.gopher = None  # others, by now
    server.start()
    assert is_there(server, "/news/s0")
