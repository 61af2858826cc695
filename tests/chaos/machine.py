"""A Debian machine of its own: a small root from debootstrap, booted by systemd-nspawn, with a loopback for its net."""
import os
import pathlib
import shutil
import signal
import subprocess
import time

from running import until

BUILD_SECONDS = 1800  # of a root, most of it downloads
BOOT_SECONDS = 120
CALL_SECONDS = 120
PACKAGES = ("systemd", "systemd-sysv", "dbus", "logrotate", "openssl")
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


class Impossible(Exception):
    """Why there can be no machine here."""


def call(*command, seconds=CALL_SECONDS):
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", timeout=seconds)
    return done.returncode, done.stdout


def codename():
    for line in pathlib.Path("/etc/os-release").read_text().splitlines():
        if line.startswith("VERSION_CODENAME="):
            return line.partition("=")[2].strip('"')
    raise Impossible("this system does not say which Debian it is")


def make_root(folder, packages):
    """A root of this system's release in folder, with packages; the one of an earlier call is used again."""
    for tool in ("debootstrap", "systemd-nspawn", "unshare", "nsenter"):
        if not shutil.which(tool, path=PATH):
            raise Impossible(f"{tool} is not installed")
    if os.geteuid() != 0:
        raise Impossible("a machine is started by root only")
    wanted = ",".join((*PACKAGES, *packages))
    note = folder.with_name(folder.name + ".packages")
    if folder.exists() and note.exists() and note.read_text() == wanted:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.parent.mkdir(parents=True, exist_ok=True)
    # What debootstrap mounts goes with it, however it ends.
    code, said = call("unshare", "--mount", "debootstrap", "--variant=minbase", f"--include={wanted}", codename(), part,
                      seconds=BUILD_SECONDS)
    if code != 0:
        raise Impossible(f"debootstrap: {said.strip().splitlines()[-1]}")
    part.rename(folder)
    note.write_text(wanted)
    return folder


class Machine:
    """A booted root. Commands run in it, or on this system's files with its net."""

    def __init__(self, root):
        self.root = root
        self.process = self.init = None

    def boot(self):
        """Until all units are started. nspawn's own filter is off, which knows too few calls: the units' are tried."""
        with open(self.root.with_name("console"), "wb") as console:
            self.process = subprocess.Popen(
                ["systemd-nspawn", "--quiet", f"--directory={self.root}", "--machine=tidings-test", "--private-network",
                 "--register=no", "--keep-unit", "--boot", "--console=pipe"], start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=console, stderr=console, env={"PATH": PATH, "SYSTEMD_SECCOMP": "0"})
        try:
            self.init = until(self._find_init, BOOT_SECONDS)
            until(self._is_up, BOOT_SECONDS)
        except AssertionError:
            console = self.root.with_name("console").read_text(errors="replace").strip().splitlines()
            self.off()
            raise Impossible(f"no systemd comes up in namespaces: {' / '.join(console[-3:])}") from None
        return self

    def _find_init(self):
        assert self.process.poll() is None
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return children and pathlib.Path(f"/proc/{children[0]}/comm").read_text() == "systemd\n" and int(children[0])

    def _is_up(self):
        return self.run("systemctl", "is-system-running")[1].strip() in ("running", "degraded")

    def run(self, *command):
        """(exit code, output) of a command in the machine."""
        return call("nsenter", f"--target={self.init}", "--all", "env", "-i", f"PATH={PATH}", "LC_ALL=C.UTF-8",
                    "DEBIAN_FRONTEND=noninteractive", *command)

    def do(self, *command):
        """The output of a command in the machine that must not fail."""
        code, said = self.run(*command)
        assert code == 0, f"{command}: {said}"
        return said

    def on_its_net(self, *command):
        """The words of a command on this system whose loopback is the machine's."""
        return ["nsenter", f"--target={self.init}", "--net", *map(str, command)]

    def shows(self, unit, name):
        return self.do("systemctl", "show", "--value", f"--property={name}", unit).strip()

    def path(self, path):
        """A file of the machine, seen from outside."""
        return self.root / path.lstrip("/")

    def off(self):
        """Shut down in order, as far as it goes."""
        if self.process.poll() is None:
            if self.init:
                os.kill(self.init, signal.SIGRTMIN + 4)  # systemd's word for power-off
            end = time.monotonic() + BOOT_SECONDS
            while self.process.poll() is None and time.monotonic() < end:
                time.sleep(0.1)
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()
        self.init = None
