"""What the measurements share: servers on one processor, load from the other, memory of processes."""
import contextlib
import json
import os
import pathlib
import re
import signal
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
from running import Server, until  # noqa: E402
from smallweb import gopher, read_all, tls_context  # noqa: E402,F401

CPUS = sorted(os.sched_getaffinity(0))
SECONDS = 60


def pin(cpu):
    """A preexec_fn that ties a process to the first or the last processor; with one only it changes nothing."""
    return lambda: os.sched_setaffinity(0, {CPUS[cpu]})


class Paper:
    """A running Tidings with one worker, on the first processor."""

    def __init__(self, build, folder, content, settings=None):
        folder.mkdir()
        base = {"server": {"workers": 1, "access_log": "none"}, "gemini": {"hostname": "localhost"},
                "gopher": {"port": 70}, "limits": {"per_address": 4096}}
        for section, keys in (settings or {}).items():
            base[section] = {**base.get(section, {}), **keys}
        self.server = Server(build / "tidings", folder, content, base)

    def __enter__(self):
        self.server.start()
        for pid in [self.pid, *self.server.pids()]:
            os.sched_setaffinity(pid, {CPUS[0]})
        return self

    def __exit__(self, *_):
        self.server.stop()

    @property
    def pid(self):
        return self.server.process.pid

    def port(self, mode):
        return self.server.gopher if mode == "gopher" else self.server.gemini

    def line(self, mode, path):
        return path if mode == "gopher" else f"gemini://localhost{path}"

    def ask(self, mode, path):
        """The bytes of a whole reply."""
        line = self.line(mode, path)
        if mode == "gopher":
            return gopher(self.server.gopher, line)
        with dial_tls(self.server.gemini) as tls:
            tls.sendall(line.encode() + b"\r\n")
            return read_all(tls)


@contextlib.contextmanager
def running(command):
    """A program of tests/bench that prints its port; yields (pid, port)."""
    with subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, text=True,
                          preexec_fn=pin(0)) as process:
        try:
            yield process.pid, int(process.stdout.readline())
        finally:
            process.send_signal(signal.SIGTERM)


def dial_tls(port, session=None):
    stream = socket.create_connection(("127.0.0.1", port), SECONDS)
    return tls_context().wrap_socket(stream, server_hostname="localhost", suppress_ragged_eofs=False, session=session)


def load(build, mode, port, pages, pid, **options):
    """One run of the load generator, as its JSON object. Any reply that is wrong ends the measurement."""
    flags = [word for name, value in options.items() for word in (f"-{name}", str(value))]
    done = subprocess.run([build / "bench/load", *flags, "-p", str(pid), mode, "127.0.0.1", str(port), pages],
                          capture_output=True, text=True, preexec_fn=pin(-1), timeout=300)
    if done.returncode != 0:
        sys.exit(f"{mode}: replies are wrong or lacking: {done.stdout}{done.stderr}")
    return json.loads(done.stdout)


def write_pages(folder, name, replies):
    """A list for floor, bare and load: {request line: bytes}."""
    lines = []
    for number, (line, reply) in enumerate(replies.items()):
        path = folder / f"{name}-{number}"
        path.write_bytes(reply)
        lines.append(f"{line}\t{path}\n")
    (folder / name).write_text("".join(lines))
    return folder / name


def in_turn(rounds, *runs):
    """Calls all of runs in turn; the results of each, in lists."""
    results = [[] for _ in runs]
    for _ in range(rounds):
        for result, run in zip(results, runs):
            result.append(run())
    return results


def median(results, key):
    return statistics.median(result[key] for result in results)


def spread(results, key):
    values = [result[key] for result in results]
    return f"{min(values):.0f} to {max(values):.0f}"


def memory(pid, key="Pss"):
    """KB of a process, by /proc/PID/smaps_rollup."""
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(rf"^{key}:\s+(\d+) kB", text, re.M).group(1))


@contextlib.contextmanager
def workplace():
    with tempfile.TemporaryDirectory(prefix="tidings-bench-") as name:
        yield pathlib.Path(name)


class Table:
    """Goals and what was measured, printed as they come and again at the end."""

    def __init__(self):
        self.rows = []

    def add(self, what, measured, goal, reached):
        self.rows.append((what, measured, goal, {True: "yes", False: "no", None: ""}[reached]))
        print(f"  {what}: {measured}" + (f" (goal: {goal})" if goal else ""), flush=True)

    def print(self):
        widths = [max(len(row[i]) for row in self.rows) for i in range(4)]
        print()
        for row in [("measured", "", "goal", "reached"), *self.rows]:
            print("  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip())


__all__ = ["CPUS", "Paper", "ROOT", "SECONDS", "Server", "Table", "dial_tls", "gopher", "in_turn", "load", "median", "memory",
           "running", "spread", "ssl", "time", "until", "workplace", "write_pages"]
