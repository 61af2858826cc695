"""A server under test: started on ports that the kernel picks, watched through its logs and /proc."""
import os
import pathlib
import re
import signal
import subprocess
import time

START_SECONDS = 60


class Server:
    """A running `tidings serve` with a configuration of its own in folder."""

    def __init__(self, tidings, folder, content, settings=None):
        self.tidings, self.folder, self.content = tidings, folder, content
        self.settings = {
            "server": {"content": content, "state": folder / "state", "workers": 2,
                       "access_log": folder / "access.log"},
            "gemini": {"listen": "127.0.0.1:0", "hostname": "localhost, second.example",
                       "certificate": folder / "site.crt", "key": folder / "site.key"},
            "gopher": {"listen": "127.0.0.1:0"},
            "limits": {"requests": 0},  # tests ask much faster than readers
        }
        self.process = self.gemini = self.gopher = self.metrics = None
        self.configure(settings or {})

    def configure(self, settings):
        """Changes settings, {section: {key: value}}; a section that is None is left out."""
        for section, keys in settings.items():
            self.settings[section] = None if keys is None else {**(self.settings.get(section) or {}), **keys}
        text = "".join(f"[{section}]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items())
                       for section, keys in self.settings.items() if keys is not None)
        (self.folder / "server.ini").write_text(text)

    def launch(self):
        """Starts the process without waiting for anything."""
        # A sanitizer build looks for leaks with ptrace, which the children's walls deny.
        env = {"ASAN_OPTIONS": "detect_leaks=0", **os.environ}
        with open(self.folder / "out", "wb") as out, open(self.folder / "err", "wb") as err:
            self.process = subprocess.Popen([self.tidings, "serve", "-c", str(self.folder / "server.ini")],
                                            stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd=self.folder,
                                            env=env, start_new_session=True)
        return self

    def start(self):
        """Starts, and waits until the paper is served."""
        self.launch()
        until(lambda: "is served" in self.out() or self.process.poll() is not None, START_SECONDS)
        assert self.process.poll() is None, self.log()
        for protocol, port in re.findall(r"listening protocol=(\w+) .*?port=(\d+)", self.log()):
            if getattr(self, protocol) is None:
                setattr(self, protocol, int(port))
        return self

    def out(self):
        return (self.folder / "out").read_text()

    def log(self):
        return (self.folder / "err").read_text()

    def access(self):
        path = self.folder / "access.log"
        return path.read_text().splitlines() if path.exists() else []

    def pids(self):
        """Of all processes below, the oldest first."""
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def children(self):
        """{name: pid} of the processes below, such as "editor" and "worker 1"; of two of a name the younger one."""
        found = {}
        for pid in self.pids():
            try:
                found[pathlib.Path(f"/proc/{pid}/comm").read_text().strip()] = pid
            except FileNotFoundError:
                pass
        return found

    def signal(self, number, child=None):
        os.kill(self.children()[child] if child else self.process.pid, number)

    def wait(self, seconds=15):
        """The exit code."""
        return self.process.wait(seconds)

    def stop(self):
        """Ends it, whatever state it is in; everything below goes with it."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait(5)


def until(condition, seconds=10):
    """Waits for condition() and returns what it gave; fails after seconds."""
    end = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        assert time.monotonic() < end, f"still not so after {seconds} s"
        time.sleep(0.02)
