"""kill -9 of everything at once, and what is there after the next start."""
import os
import random
import signal
import sqlite3
import time

from readers import version_of
from running import until
from versions import path_of, text, write


def reads(server):
    """What the catalogue has counted."""
    path = next((server.folder / "state").glob("catalogue*.db"), None) or server.folder / "state" / "catalogue"
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as catalogue:
        return catalogue.execute("SELECT coalesce(sum(count), 0) FROM reads").fetchone()[0]


def kill_everything(server):
    children = server.children().values()
    os.killpg(server.process.pid, signal.SIGKILL)
    server.process.wait(5)
    until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in children))
    server.gemini = server.gopher = None


def start_again(server):
    begun = time.monotonic()
    server.start()
    return time.monotonic() - begun


def test_killed_server_starts_again_and_has_lost_no_written_reads(run, paper, often):
    server = run()
    rng = random.Random(2)
    took = []
    for number in range(2, often(7, 22)):
        for _ in range(rng.randrange(1, 4)):
            version_of(server, "s1")
        path_of(paper, "s0").write_text(text(number))
        time.sleep(rng.random())  # the random moment: in a scan, before it, after it
        try:
            before = reads(server)
        except sqlite3.OperationalError:  # locked at this moment
            before = 0
        kill_everything(server)
        took.append(start_again(server))
        assert reads(server) >= before
        until(lambda number=number: version_of(server, "s0") == number)
    print(f"\n{len(took)} starts after kill -9: {max(took):.2f} s at most")
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
