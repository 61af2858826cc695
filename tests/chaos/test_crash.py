"""kill -9 of everything at once, and what is there after the next start."""
import os
import random
import signal
import sqlite3
import threading
import time

from readers import version_of
from running import until
from versions import path_of, text, write

SECONDS = 10  # of reads that may be lost


def reads(server):
    """What the catalogue has counted of the article that is read most."""
    path = next((server.folder / "state").glob("catalogue*.db"), None) or server.folder / "state" / "catalogue"
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as catalogue:
        return catalogue.execute("SELECT coalesce(max(total), 0) FROM "
                                 "(SELECT sum(count) AS total FROM reads GROUP BY key)").fetchone()[0]


def kill_everything(server):
    children = server.pids()
    os.killpg(server.process.pid, signal.SIGKILL)
    server.process.wait(5)
    until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in children))
    server.gemini = server.gopher = None


def start_again(server):
    begun = time.monotonic()
    server.start()
    return time.monotonic() - begun


class Counted:
    """`with Counted(server) as counted:` reads an article a few times a second and notes when each reply was whole."""

    def __init__(self, server):
        self.server, self.moments, self.failed = server, [], None
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.read)

    def read(self):
        while not self.over.wait(0.1):
            try:
                version_of(self.server, "s1")
            except (OSError, AssertionError):  # killed meanwhile
                self.failed = time.monotonic()
                return
            self.moments.append(time.monotonic())

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, kind, value, trace):
        self.over.set()
        self.thread.join()


def test_killed_server_starts_again_and_has_lost_ten_seconds_of_reads_at_most(run, paper, often):
    """The moments: while it starts, while it scans, before and after reads are written."""
    server = run()
    rng = random.Random(2)
    rounds = often(5, 20)
    took, lost, known = [], 0, 0
    for number in range(2, 2 + rounds):
        with Counted(server) as counted:
            time.sleep(rng.random() * often(3, 16))
            path_of(paper, "s0").write_text(text(number))
            time.sleep(rng.random())
            killed = time.monotonic()
            kill_everything(server)
        assert counted.failed is None or counted.failed >= killed
        old = sum(moment < killed - SECONDS for moment in counted.moments)
        if number % 3 == 0:
            server.launch()
            time.sleep(rng.random() / 2)
            kill_everything(server)
        took.append(start_again(server))
        now = reads(server)
        assert known + old <= now <= known + len(counted.moments) + 1, f"{now} of {known} + {len(counted.moments)}"
        lost = max(lost, known + len(counted.moments) - now)
        until(lambda number=number: version_of(server, "s0") == number)
        known = reads(server)
    print(f"\n{len(took)} starts after kill -9: {max(took):.2f} s at most; {lost} reads of at most {SECONDS} s lost")
    assert max(took) < 3


def test_reads_are_written_within_ten_seconds_and_outlive_every_process(run):
    server = run()
    for _ in range(5):
        version_of(server, "s1")
    begun = time.monotonic()
    until(lambda: reads(server) == 5, 12)
    print(f"\nreads were written after {time.monotonic() - begun:.1f} s")
    kill_everything(server)
    start_again(server)
    assert reads(server) == 5


def test_killed_while_an_article_is_half_written_shows_it_whole_after_the_start(run, paper):
    server = run()
    whole = text(2)
    with open(path_of(paper, "s0"), "w") as file:
        file.write(whole[:len(whole) // 2])
        file.flush()
        kill_everything(server)
        file.write(whole[len(whole) // 2:])
    start_again(server)
    until(lambda: version_of(server, "s0") == 2)
    write(paper, "s0", 3)
    until(lambda: version_of(server, "s0") == 3)
