"""System calls that fail: each of those that a server lives on, with each of its errors, in each of its processes."""
import os
import signal
import subprocess
import threading
import time

import pytest

from readers import ask_gemini, version_of
from running import until
from strace import Failing, reason_against
from test_allocations import BIG, WAYS, check_reply
from versions import path_of, text, write

REASON = reason_against()
pytestmark = pytest.mark.skipif(bool(REASON), reason=REASON)

LOG_RATE = 4096    # bytes a second of the error log
CALL_RATE = 400    # failing calls a second, beyond which a process spins
PROCESSOR = 0.2    # of a core
FILLERS = 60       # articles of another edition that change, so that there is something to write down
GONE = 20          # seconds within which everything is well after the fault

# A call, and its errors: those of its manual page that a correct program meets. "/2" fails every other call
# only: what is always interrupted, or never ready when the kernel says that it is, is no kernel.
WORKER = {
    "accept4": "EMFILE ENFILE ENOMEM ENOBUFS ECONNABORTED EPROTO EPERM ENETDOWN EHOSTUNREACH EOPNOTSUPP ETIMEDOUT "
               "EINVAL EINTR EAGAIN/2",
    "recvfrom": "ECONNRESET ENOMEM EIO ECONNREFUSED ENOTCONN ETIMEDOUT EINTR/2 EAGAIN/2",
    "sendto": "EPIPE ECONNRESET ENOBUFS ENOMEM EACCES ENOTCONN EINTR/2 EAGAIN/2",
    "write": "ENOSPC EIO EDQUOT EFBIG EPIPE EAGAIN EINTR",
    "epoll_wait": "EINTR/2 EINVAL EBADF",
    "epoll_ctl": "ENOMEM ENOSPC EPERM EBADF",
    "pread64": "EIO EINTR/2 ENXIO",
    "openat2": "EMFILE ENFILE ENOMEM EIO EINTR EAGAIN EACCES ENOENT ELOOP ENOSYS",
    "newfstatat": "EIO ENOMEM EACCES EOVERFLOW",
    "fcntl": "ENOLCK EACCES EAGAIN EDEADLK EINTR",
    "shutdown": "ENOTCONN ENOBUFS",
    "setsockopt": "ENOBUFS ENOMEM",
    "close": "EIO EINTR",
    "poll": "EINTR ENOMEM",
    "recvmsg": "ENOMEM EINTR/2",
}
# An article for which openat2 says EACCES is left out, as it should be.
EDITOR = {
    "openat2": "EMFILE ENFILE ENOMEM EIO EINTR EAGAIN ENOSYS",
    "openat": "EMFILE ENFILE ENOMEM EIO EINTR EACCES",
    "getdents64": "EIO ENOMEM",
    "newfstatat": "EIO ENOMEM EACCES EOVERFLOW",
    "read": "EIO EINTR/2 EISDIR",
    "pread64": "EIO EINTR/2 ENXIO",
    "pwrite64": "ENOSPC EIO EDQUOT EFBIG EINTR/2",
    "fsync,fdatasync": "EIO ENOSPC EDQUOT",
    "fcntl": "ENOLCK EACCES EAGAIN EDEADLK EINTR",
    "epoll_wait": "EINTR/2 EINVAL",
    "recvfrom": "ENOMEM EINTR/2",
    "recvmsg": "ENOMEM EINTR/2 ECONNRESET",
    "close": "EIO EINTR",
}
SUPERVISOR = {
    "clone": "EAGAIN ENOMEM",
    "socketpair": "EMFILE ENFILE ENOMEM",
    "epoll_ctl": "ENOMEM ENOSPC",
    "epoll_wait": "EINTR/2 EINVAL",
    "accept4": "EMFILE ENFILE ENOMEM ECONNABORTED EPERM EINTR",
    "recvfrom": "ENOMEM EINTR/2",
    "sendto": "ENOBUFS ENOMEM EPIPE EINTR/2",
    "wait4": "EINTR ECHILD",
    "read": "EIO EINTR EAGAIN/2",
    "openat": "EMFILE ENFILE ENOMEM EIO EACCES",
    "newfstatat": "EIO ENOMEM EACCES",
    "kill": "EPERM",
    "close": "EIO EINTR",
}
# What a worker and an editor need to begin with; "-f" follows those who come after the killed ones.
BEGINNING = {
    "openat": "EMFILE ENFILE ENOMEM EIO EACCES",
    "mmap": "ENOMEM",
    "fcntl": "ENOLCK EAGAIN",
    "epoll_create1": "EMFILE ENFILE ENOMEM",
    "signalfd4": "EMFILE ENFILE ENODEV ENOMEM",
    "inotify_init1": "EMFILE ENFILE ENOMEM",
    "inotify_add_watch": "ENOSPC ENOMEM EACCES",
    "flock": "ENOLCK EINTR",
    "prctl": "EINVAL EACCES",
    "landlock_create_ruleset": "ENOSYS EOPNOTSUPP ENOMEM",
    "landlock_add_rule": "ENOMEM EBADF",
    "landlock_restrict_self": "EPERM E2BIG",
    "pread64": "EIO",
    "ftruncate": "EIO ENOSPC EINTR",
    "close_range": "ENOMEM EMFILE",
}


def cases(table):
    """(call, error) of a table: the first error of each row, and all of them with TIDINGS_LONG."""
    rows = ((call, error) for call, errors in table.items()
            for error in (errors.split() if os.environ.get("TIDINGS_LONG") else errors.split()[:1]))
    return pytest.mark.parametrize("call,error", list(rows))


def how(error):
    name, _, other = error.partition("/")
    return f"error={name}" + (":when=1+2" if other else "")


@pytest.fixture(scope="module")
def served(tidings, tmp_path_factory):
    """One server for all cases: it has to live through them, one after the other."""
    from running import Server
    from versions import write_paper
    folder = tmp_path_factory.mktemp("calls")
    paper = folder / "paper"
    write_paper(paper)
    (paper / "news" / "big.bin").write_bytes(BIG)
    with open(paper / "edition.ini", "a") as ini:
        ini.write("boxes = 0\n")  # what is read most changes while we read
    (paper / "ar" / "news").mkdir(parents=True)
    (paper / "ar" / "edition.ini").write_text("name = Another\nlanguage = ar\n")
    write(paper / "ar", "f0", 1)
    server = Server(tidings, folder, paper, {"limits": {"per_address": 1000}})
    server.start()
    server.version = 1
    server.good = {way: request(server)[0] for way, (request, _) in WAYS.items()}
    server.first = server.process.pid
    yield server
    server.stop()


def ask_all(server, label, errors=b"4"):
    """One request of every way; whatever comes is right, an error, or cut."""
    for way, good in server.good.items():
        request, is_error = WAYS[way]
        reply, whole = request(server)
        check_reply(f"{label}, {way}", good, reply, whole,
                    lambda reply, is_error=is_error: is_error(reply) or reply[:1] in errors)


def is_well(server):
    """Whether both protocols answer as ever, and everybody is there."""
    if sorted(server.children()) != ["editor", "worker 1", "worker 2"]:
        return False
    for way, good in server.good.items():
        try:
            if WAYS[way][0](server) != (good, True):
                return False
        except TimeoutError:
            return False
    return True


def change(server):
    """A new version of an article that no list of good replies shows differently."""
    server.version += 1
    write(server.content, "s7", server.version)
    for number in range(FILLERS):
        write(server.content / "ar", f"f{number}", server.version)


def check_after(server, failing, size, label, seconds=GONE):
    """No spin, no flood; then all is well again and what was changed shows."""
    log = (server.folder / "err").stat().st_size - size
    count = failing.count()
    used = max(failing.used.values()) / os.sysconf("SC_CLK_TCK") / failing.seconds
    begun = time.monotonic()
    assert server.process.poll() is None, server.log()[-2000:]
    until(lambda: is_well(server), seconds)
    change(server)
    until(lambda: version_of(server, "s7") == server.version, seconds)
    write(server.content, "s7", 1)
    until(lambda: version_of(server, "s7") == 1, seconds)
    print(f"\n{label}: {count} calls failed, {100 * used:.0f} % of a core, {log / failing.seconds:.0f} bytes of log a "
          f"second, well after {time.monotonic() - begun:.1f} s")
    assert count > 0, f"{label}: nobody called it"
    assert server.process.pid == server.first
    assert count <= CALL_RATE * failing.seconds, f"{count} calls in {failing.seconds:.1f} s"
    assert used <= PROCESSOR
    assert log <= LOG_RATE * (failing.seconds + 1), server.log()[-2000:]
    assert "was ended by signal 11" not in server.log() and "was ended by signal 6" not in server.log()


@cases(WORKER)
def test_worker_outlives_calls_that_fail(served, often, call, error):
    label, size = f"worker, {call} {error}", (served.folder / "err").stat().st_size
    pids = [pid for name, pid in served.children().items() if name.startswith("worker")]
    # A file that cannot be opened for these reasons is none to readers.
    errors = b"45" if call in ("openat2", "newfstatat") and error in ("EACCES", "ENOENT", "ELOOP") else b"4"
    asking = threading.Thread(target=hold_on, args=(served,))
    with Failing(pids, call, how(error), served.folder) as failing:
        asking.start()
        end = time.monotonic() + 3
        while time.monotonic() < end:
            if call in ("accept4", "epoll_ctl", "epoll_wait"):
                time.sleep(0.1)
            else:
                ask_all(served, label, errors)
                time.sleep(0.3)
    asking.join()
    check_after(served, failing, size, label)


def hold_on(server):
    """Clients that come while nobody may be taken; they wait, or are sent away."""
    for way in ("article by Gemini", "menu by Gopher"):
        try:
            WAYS[way][0](server)
        except TimeoutError:
            pass


@cases(EDITOR)
def test_editor_outlives_calls_that_fail_and_nobody_sees_it(served, often, call, error):
    label, size = f"editor, {call} {error}", (served.folder / "err").stat().st_size
    with Failing([served.children()["editor"]], call, how(error), served.folder) as failing:
        end, most = time.monotonic() + 4, time.monotonic() + 40
        while time.monotonic() < end or (failing.count() == 0 and time.monotonic() < most):
            change(served)
            assert ask_gemini(served, "/news/s1")[0] == 20
            assert ask_gemini(served, "/news/")[0] == 20
            time.sleep(1)  # a file that was written just now is not taken yet
    for name in ("s0", "s1", "s7"):
        assert ask_gemini(served, f"/news/{name}")[0] == 20
    write(served.content, "s7", 1)
    until(lambda: version_of(served, "s7") == 1, GONE)
    check_after(served, failing, size, label)


def status(server):
    return subprocess.run([server.tidings, "status", "-c", str(server.folder / "server.ini")], capture_output=True,
                          timeout=30).returncode


@cases(SUPERVISOR)
def test_supervisor_outlives_calls_that_fail(served, often, call, error):
    label, size = f"supervisor, {call} {error}", (served.folder / "err").stat().st_size
    with Failing([served.process.pid], call, how(error), served.folder) as failing:
        asking = subprocess.Popen([served.tidings, "status", "-c", str(served.folder / "server.ini")],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.kill(served.children()["worker 1"], signal.SIGKILL)
        time.sleep(1)
        served.signal(signal.SIGHUP)
        time.sleep(2)
    asking.wait(30)
    check_after(served, failing, size, label)
    until(lambda: status(served) == 0, GONE)
    reloads = served.log().count(" reloaded\n")
    served.signal(signal.SIGHUP)
    until(lambda: served.log().count(" reloaded\n") > reloads, GONE)
    until(lambda: is_well(served), GONE)


@cases(BEGINNING)
def test_successors_that_cannot_begin_are_tried_again(served, often, call, error):
    label, size = f"beginning, {call} {error}", (served.folder / "err").stat().st_size
    with Failing([served.process.pid], call, how(error), served.folder, follow=True) as failing:
        for name in ("editor", "worker 1"):
            os.kill(served.children()[name], signal.SIGKILL)
        end = time.monotonic() + 3
        while time.monotonic() < end:
            time.sleep(0.2)
    check_after(served, failing, size, label, 40)
