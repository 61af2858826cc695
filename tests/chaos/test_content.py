"""The paper changes while it is read: no request fails, no page is torn, every change shows soon."""
import os
import random
import shutil
import subprocess
import threading
import time

import pytest

from readers import Readers, ask_gemini, gopher_answers, is_there, version_of
from running import until
from versions import STABLE, path_of, text, version, write

SHOWN_SECONDS = 8  # a generous bound for a loaded machine; what was measured is printed


def rewrite_in_place(paper, name, number):
    path_of(paper, name).write_text(text(number))


def write_in_pieces(paper, name, number):
    whole = text(number)
    with open(path_of(paper, name), "w") as file:
        for start in range(0, len(whole), len(whole) // 4 + 1):
            file.write(whole[start:start + len(whole) // 4 + 1])
            file.flush()
            time.sleep(0.15)  # a slow writer


def append_and_reopen(paper, name, number):
    """A writer that closes the file in the middle, for a moment."""
    whole = text(number)
    path_of(paper, name).write_text(whole[:len(whole) // 2])
    time.sleep(0.1)  # a slow writer
    with open(path_of(paper, name), "a") as file:
        file.write(whole[len(whole) // 2:])


WRITERS = (write, rewrite_in_place, write_in_pieces, append_and_reopen)


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def tell(what, latencies):
    print(f"\n{what}: {len(latencies)} changes, shown after {percentile(latencies, 0.5):.2f} s (half),"
          f" {percentile(latencies, 0.99):.2f} s (p99), {max(latencies):.2f} s (all)")


def test_changed_articles_are_never_torn_and_show_soon(run, paper, often):
    server = run()
    latencies, trouble = [], []

    def change(name, count):
        try:
            for number in range(2, count + 2):
                WRITERS[(number + STABLE.index(name)) % len(WRITERS)](paper, name, number)
                begun = time.monotonic()
                until(lambda number=number: version_of(server, name) == number, SHOWN_SECONDS)
                latencies.append(time.monotonic() - begun)
        except Exception as failure:
            trouble.append(f"{name}: {failure!r}")

    with Readers(server) as readers:
        writers = [threading.Thread(target=change, args=(name, often(8, 125))) for name in STABLE]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
    assert not trouble
    print(f"\n{readers.requests} requests meanwhile")
    tell("rewritten", latencies)
    assert not os.environ.get("TIDINGS_LONG") or percentile(latencies, 0.99) < 2


def move(paper, name, moved, rng):
    """A new name for an article whose Id stays, in one of the ways that programs have."""
    old, new = path_of(paper, name), path_of(paper, moved)
    new.parent.mkdir(exist_ok=True)
    way = rng.randrange(3)
    if way == 0:
        old.rename(new)
    elif way == 1:  # as git does it
        whole = old.read_text()
        old.unlink()
        new.write_text(whole)
    else:  # as mv between disks does it
        shutil.copy2(old, new)
        old.unlink()


def test_renamed_articles_answer_at_their_old_or_new_path_all_the_time(run, paper, often):
    """Names move in three folders at once, in the pace of the disk; nobody waits for the server."""
    names = [f"r{number}" for number in range(6)]
    for name in names:
        path_of(paper, name).write_text(f"Id: {name}\n{text(1)}")
    server = run()
    over = threading.Event()
    trouble, asked = [], []

    def change(name, count):
        rng = random.Random(name)
        here = name
        for number in range(count):
            there = f"{rng.choice(('', 'east/', 'west/'))}{name}-{number}"
            move(paper, here, there, rng)
            here = there
            write(paper, f"noise-{name}", number)
            time.sleep(rng.uniform(0, 0.6))

    def follow(name):
        while not over.is_set():
            asked.append(name)
            status, meta, body = ask_gemini(server, f"/news/{name}")
            if status // 10 == 3:  # to where it was at that moment; from there it may have moved on
                status, meta, body = ask_gemini(server, meta)
            if status not in (20, 30, 31):
                trouble.append(f"{status} {meta} for {name}")
            elif status == 20:
                version(body)

    with Readers(server) as readers:
        followers = [threading.Thread(target=follow, args=(name,)) for name in names[:2]]
        writers = [threading.Thread(target=change, args=(name, often(10, 170))) for name in names]
        for thread in followers + writers:
            thread.start()
        for thread in writers:
            thread.join()
        over.set()
        for thread in followers:
            thread.join()
    print(f"\n{len(asked)} requests for articles that were renamed, {readers.requests} others")
    assert not trouble, (len(trouble), trouble[:5])


def test_moved_and_deleted_articles_leave_no_link(run, paper, often):
    server = run()
    latencies = []
    with Readers(server):
        for number in range(often(8, 200)):
            name, moved = f"m{number}", f"n{number}"
            write(paper, name, number)
            begun = time.monotonic()
            until(lambda: is_there(server, f"/news/{name}"), SHOWN_SECONDS)
            latencies.append(time.monotonic() - begun)
            path_of(paper, name).rename(path_of(paper, moved))
            until(lambda: is_there(server, f"/news/{moved}") and not is_there(server, f"/news/{name}"), SHOWN_SECONDS)
            path_of(paper, moved).unlink()
            until(lambda: not gopher_answers(server, f"/news/{moved}"), SHOWN_SECONDS)
    tell("new", latencies)


def test_writer_who_pauses_with_the_file_open_is_waited_for(run, paper):
    server = run()
    whole = text(2)
    with Readers(server), open(path_of(paper, "s0"), "w") as file:
        file.write(whole[:len(whole) // 2])
        file.flush()
        time.sleep(1.5)  # far longer than a closed file has to rest
        assert version_of(server, "s0") == 1
        file.write(whole[len(whole) // 2:])
        file.close()
        until(lambda: version_of(server, "s0") == 2, SHOWN_SECONDS)


def test_thousand_copied_articles_appear_whole(run, paper, tmp_path):
    server = run()
    source = tmp_path / "many"
    source.mkdir()
    for number in range(1000):
        (source / f"c{number}.gmi").write_text(text(number))
    with Readers(server):
        subprocess.run(["cp", "-r", source, paper / "news" / "many"], check=True)
        begun = time.monotonic()
        until(lambda: is_there(server, "/news/many/c999") and is_there(server, "/news/many/c0"), 20)
        print(f"\n1,000 copied files: shown after {time.monotonic() - begun:.2f} s")
        shutil.rmtree(paper / "news" / "many")
        until(lambda: not is_there(server, "/news/many/c500"), 20)


@pytest.mark.skipif(not shutil.which("rsync"), reason="no rsync here")
@pytest.mark.parametrize("how", [[], ["--inplace"], ["--delay-updates"], ["--delete"]])
def test_rsync_changes_all_articles_without_a_torn_page(run, paper, tmp_path, how):
    server = run()
    mirror = tmp_path / "mirror"
    shutil.copytree(paper, mirror)
    with Readers(server):
        for number in (2, 3):
            for name in STABLE:
                write(mirror, name, number)
            subprocess.run(["rsync", "-rct", *how, f"{mirror}/", f"{paper}/"], check=True)
            until(lambda: {version_of(server, name) for name in STABLE} == {number}, SHOWN_SECONDS)


@pytest.mark.skipif(not shutil.which("git"), reason="no git here")
def test_git_checkout_switches_the_paper_without_a_torn_page(run, paper, often):
    def git(*words):
        subprocess.run(["git", "-C", paper, "-c", "user.name=Desk", "-c", "user.email=desk@localhost", *words],
                       check=True, capture_output=True)

    git("init", "-q", "-b", "one")
    git("add", "-A")
    git("commit", "-q", "-m", "one")
    git("checkout", "-q", "-b", "two")
    for name in STABLE:
        write(paper, name, 2)
    git("commit", "-q", "-a", "-m", "two")
    server = run()
    with Readers(server):
        for number in range(often(4, 40)):
            git("checkout", "-q", ("one", "two")[number % 2])
            until(lambda: {version_of(server, name) for name in STABLE} == {number % 2 + 1}, SHOWN_SECONDS)
