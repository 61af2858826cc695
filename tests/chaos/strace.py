"""Making system calls of running processes fail, with strace."""
import re
import shutil
import subprocess
import time

from running import until


def reason_against():
    """Why no call can be made to fail here; "" when it can."""
    if not shutil.which("strace"):
        return "there is no strace here"
    with subprocess.Popen(["sleep", "60"]) as victim:
        try:
            done = subprocess.run(["timeout", "-s", "INT", "1", "strace", "-qq", "-o", "/dev/null", "-p",
                                   str(victim.pid)], capture_output=True)
            return "" if not done.stderr else f"nobody may trace a process here ({done.stderr.decode().strip()})"
        finally:
            victim.kill()


def ticks(pid):
    """Processor time of a process, in ticks."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return sum(map(int, file.read().rsplit(")", 1)[1].split()[11:13]))
    except (FileNotFoundError, ProcessLookupError):
        return 0


class Failing:
    """`with Failing(pids, calls, how, folder) as failing:` how is such as "error=EMFILE" or "error=EINTR:when=1+2"."""

    def __init__(self, pids, calls, how, folder, follow=False):
        self.out = folder / "strace"
        self.err = folder / "strace.err"
        self.pids = pids
        self.command = ["strace", *(["-f"] if follow else []), "-o", str(self.out), "-e", f"trace={calls}",
                        "-e", f"inject={calls}:{how}", *(word for pid in pids for word in ("-p", str(pid)))]
        self.process = None

    def __enter__(self):
        with open(self.err, "wb") as err:
            self.process = subprocess.Popen(self.command, stderr=err)
        until(lambda: self.err.read_text().count(" attached") >= len(self.pids) or self.process.poll() is not None)
        assert self.process.poll() is None, self.err.read_text()
        self.begun = time.monotonic()
        self.before = {pid: ticks(pid) for pid in self.pids}
        return self

    def __exit__(self, kind, value, trace):
        self.seconds = time.monotonic() - self.begun
        # One that was replaced meanwhile has used what it had used.
        self.used = {pid: max(0, ticks(pid) - before) for pid, before in self.before.items()}
        self.process.terminate()
        self.process.wait(20)

    def count(self):
        """How many calls were made to fail."""
        return len(re.findall(r"\(INJECTED\)", self.out.read_text()))
