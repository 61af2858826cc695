"""The Debian package on a machine with a live systemd: installed, changed, killed, upgraded and removed there.

One machine goes through the tests in their order. It takes root, debootstrap and systemd-nspawn; without them, or
without a Debian archive to be reached, all of it is skipped."""
import os
import pathlib
import re
import shutil
import subprocess
import time

import pytest

from machine import Impossible, Machine, call, make_root
from running import until

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD_SECONDS = 900
UNITS = ("tidings.service", "tidings.socket", "tidings-gopher.socket")
PAPER = "/var/lib/tidings/content"

pytestmark = pytest.mark.skipif(not os.environ.get("TIDINGS_LONG"), reason="a machine is made by make chaos only")


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    folder = tmp_path_factory.mktemp("deb")
    code, said = call("make", "-C", ROOT, "deb", f"BUILD={folder}", seconds=BUILD_SECONDS)
    assert code == 0, said[-4000:]
    [path] = folder.glob("deb/tidings_*.deb")
    return path


@pytest.fixture(scope="module")
def newer(package):
    """The package as version 99, with another configuration in it than the one before."""
    folder = package.parent / "newer"
    assert call("dpkg-deb", "-R", package, folder)[0] == 0
    for name, old, new in (("DEBIAN/control", r"^Version: .*", "Version: 99"),
                           ("etc/tidings/server.ini", r"\A", "; of version 99\n")):
        text = (folder / name).read_text()
        (folder / name).write_text(re.sub(old, new, text, count=1, flags=re.MULTILINE))
    path = package.with_name("newer.deb")
    assert call("dpkg-deb", "--root-owner-group", "-b", folder, path)[0] == 0
    return path


def needs_of(package):
    """The packages that it depends on, of alternatives the first."""
    depends = call("dpkg-deb", "-f", package, "Depends")[1]
    return [re.match(r"[\w.+-]+", need.strip())[0] for need in depends.split(",")]


@pytest.fixture(scope="module")
def machine(tidings, package, newer, tmp_path_factory):
    folder = tmp_path_factory.mktemp("machine")
    running = None
    try:
        base = make_root(pathlib.Path(tidings).parent / "machine", needs_of(package))
        assert call("cp", "-a", "--reflink=auto", base, folder / "root")[0] == 0
        for path in (package, newer):
            shutil.copy(path, folder / "root" / "opt" / path.name)
        running = Machine(folder / "root")
        yield running.boot()
    except Impossible as why:
        pytest.skip(str(why))
    finally:
        if running and running.process:
            running.off()
        shutil.rmtree(folder, ignore_errors=True)


def install(machine, path):
    return machine.do("apt-get", "install", "-y", "-o", "Dpkg::Options::=--force-confold", f"/opt/{path.name}")


def get(machine, tidings, url):
    return call(*machine.on_its_net(tidings, "get", url))[1]


def front_pages(machine, tidings):
    return [get(machine, tidings, url) for url in ("gemini://localhost/", "gopher://localhost/")]


def answers(machine, tidings):
    return all("The presses are running" in page for page in front_pages(machine, tidings))


def main_pid(machine):
    return int(machine.shows("tidings", "MainPID"))


def is_active(machine):
    return [machine.run("systemctl", "is-active", unit)[1].strip() for unit in UNITS] == ["active"] * 3


def edit(machine, path, change):
    file = machine.path(path)
    file.write_text(change(file.read_text()))


class Readers:
    """Both ports are read as long as the block goes on; asked and failed tell afterwards."""

    def __init__(self, machine):
        command = machine.on_its_net("/usr/bin/python3", pathlib.Path(__file__).with_name("knock.py"))
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        time.sleep(1)
        return self

    def __exit__(self, *of_no_interest):
        said, _ = self.process.communicate(timeout=120)
        asked, failed, *self.faults = said.splitlines()
        self.asked, self.failed = int(asked), int(failed)


def test_package_starts_by_itself_and_answers_on_both_ports(machine, tidings, package):
    install(machine, package)
    assert is_active(machine)
    assert answers(machine, tidings)
    assert machine.shows("tidings", "StatusText").startswith("serving with ")
    assert [machine.run("systemctl", "is-enabled", unit)[1].strip() for unit in UNITS] == ["enabled"] * 3
    secured = machine.run("sh", "-c", "printf 'gemini://localhost/\\r\\n' | openssl s_client -quiet "
                          "-connect 127.0.0.1:1965 -servername localhost 2>/dev/null")[1]
    assert secured.startswith("20 text/gemini") and "The presses are running" in secured


def test_server_has_no_right_and_every_process_its_walls(machine):
    status = machine.do("cat", f"/proc/{main_pid(machine)}/status")
    facts = dict(re.findall(r"^(\w+):\t(.*)$", status, re.MULTILINE))
    user = machine.do("id", "-u", "tidings").strip()
    assert facts["Uid"].split() == [user] * 4 and user != "0"
    assert {facts[name] for name in ("CapPrm", "CapEff", "CapBnd", "CapAmb")} == {"0" * 16}
    assert facts["NoNewPrivs"] == "1" and facts["Seccomp"] == "2"
    walls = re.findall(r"no_new_privs (\w+), landlock (.*), seccomp (\w+)", machine.do("tidings", "status"))
    assert len(walls) >= 2 and all(wall[0] == wall[2] == "yes" for wall in walls)
    kernel = pathlib.Path("/sys/kernel/security/lsm")
    if kernel.exists() and "landlock" in kernel.read_text():
        assert all(wall[1].startswith("ABI ") for wall in walls), walls


def test_exposure_of_the_running_unit_is_what_the_readme_says(machine):
    said = machine.do("systemd-analyze", "security", "--no-pager", "tidings")
    exposure = re.search(r"Overall exposure level for tidings.service: ([0-9.]+)", said)[1]
    print(f"\nexposure of the running unit: {exposure}")
    assert float(exposure) <= 1.6 and f"exposure {exposure}" in (ROOT / "README.md").read_text()


def test_changed_article_shows(machine, tidings):
    edit(machine, f"{PAPER}/news/welcome.gmi", lambda text: text.replace("The presses are running", "They run"))
    until(lambda: "They run" in front_pages(machine, tidings)[1], 15)
    edit(machine, f"{PAPER}/news/welcome.gmi", lambda text: text.replace("They run", "The presses are running"))
    until(lambda: answers(machine, tidings), 15)


def test_reload_keeps_the_process_and_says_why_it_is_refused(machine, tidings):
    before = main_pid(machine)
    edit(machine, "/etc/tidings/server.ini", lambda text: text + "\n[nonsense]\n")
    machine.run("systemctl", "reload", "tidings")
    until(lambda: "nonsense" in machine.shows("tidings", "StatusText"), 30)
    assert is_active(machine) and answers(machine, tidings)
    edit(machine, "/etc/tidings/server.ini", lambda text: text.replace("\n[nonsense]\n", "; mine\n"))
    with Readers(machine) as readers:
        machine.do("systemctl", "reload", "tidings")
        until(lambda: "nonsense" not in machine.shows("tidings", "StatusText"), 30)
    assert main_pid(machine) == before
    assert readers.asked > 0 and readers.failed == 0, readers.faults


def test_restart_keeps_the_ports_open_and_loses_no_connection(machine):
    before = main_pid(machine)
    with Readers(machine) as readers:
        for _ in range(5):
            machine.do("systemctl", "restart", "tidings")
    print(f"\n5 restarts: {readers.asked} replies, {readers.failed} failed")
    assert main_pid(machine) != before
    assert readers.asked > 0 and readers.failed == 0, readers.faults


def test_killed_supervisor_is_back(machine, tidings):
    before = main_pid(machine)
    machine.do("sh", "-c", f"kill -KILL {before}")
    start = time.monotonic()
    assert answers(machine, tidings)  # the connection waits in the queue meanwhile
    print(f"\nanswered {time.monotonic() - start:.1f} s after kill -9 of the main process")
    until(lambda: is_active(machine) and main_pid(machine) not in (0, before), 30)


def test_stopped_supervisor_is_replaced_by_the_watchdog(machine, tidings):
    before = main_pid(machine)
    machine.do("sh", "-c", f"kill -STOP {before}")
    start = time.monotonic()
    assert answers(machine, tidings)  # its workers go on
    until(lambda: main_pid(machine) not in (0, before), 90)
    print(f"\nreplaced {time.monotonic() - start:.0f} s after it was stopped")
    until(lambda: is_active(machine) and answers(machine, tidings), 30)
    assert "Watchdog timeout" in machine.do("journalctl", "--no-pager", "--unit=tidings")


def test_server_that_cannot_start_is_tried_until_it_can_and_connections_wait(machine, tidings):
    """Longer than systemd's own limit, five starts in ten seconds."""
    edit(machine, "/etc/tidings/server.ini", lambda text: text + "\n[nonsense]\n")
    assert machine.run("systemctl", "restart", "tidings")[0] != 0
    waiting = subprocess.Popen(machine.on_its_net("curl", "--silent", "--max-time", "60", "gopher://127.0.0.1:70/1/"),
                               stdout=subprocess.PIPE, text=True)
    until(lambda: int(machine.shows("tidings", "NRestarts")) > 6, 60)
    assert machine.shows("tidings.socket", "ActiveState") == "active"
    assert "unknown section [nonsense]" in machine.do("journalctl", "--no-pager", "--unit=tidings")
    edit(machine, "/etc/tidings/server.ini", lambda text: text.replace("\n[nonsense]\n", ""))
    assert "The presses are running" in waiting.communicate(timeout=90)[0]
    until(lambda: is_active(machine) and answers(machine, tidings), 30)


def test_certificate_is_renewed_by_the_services_user_with_the_same_key(machine):
    key = machine.path("/var/lib/tidings/tidings.key")
    before = key.read_bytes()
    edit(machine, "/etc/tidings/server.ini", lambda text: text.replace("= localhost ", "= localhost, paper.example "))
    machine.do("setpriv", "--reuid=tidings", "--regid=tidings", "--clear-groups", "tidings", "cert", "renew")
    machine.do("systemctl", "restart", "tidings")
    assert key.read_bytes() == before and key.stat().st_mode & 0o777 == 0o600
    shown = machine.run("sh", "-c", "openssl s_client -connect 127.0.0.1:1965 </dev/null 2>/dev/null |"
                        "openssl x509 -noout -ext subjectAltName")[1]
    assert "DNS:paper.example" in shown


def test_logrotate_takes_the_log_away_and_the_next_line_is_in_a_new_one(machine, tidings):
    log = machine.path("/var/log/tidings/access.log")
    assert answers(machine, tidings)
    until(lambda: log.stat().st_size, 10)
    machine.do("logrotate", "--force", "/etc/logrotate.d/tidings")
    assert log.with_name("access.log.1").stat().st_size > 0
    until(lambda: answers(machine, tidings) and log.exists() and "proto=gopher" in log.read_text(), 30)
    assert machine.do("stat", "--format=%a %U", "/var/log/tidings/access.log").strip() == "640 tidings"


def test_machine_comes_up_with_the_server(machine, tidings):
    key = machine.path("/var/lib/tidings/tidings.key").read_bytes()
    machine.off()
    machine.boot()
    until(lambda: is_active(machine), 60)
    assert answers(machine, tidings)
    assert machine.path("/var/lib/tidings/tidings.key").read_bytes() == key


def test_upgrade_restarts_the_server_loses_no_connection_and_keeps_settings_and_key(machine, newer):
    kept = [machine.path(path) for path in ("/etc/tidings/server.ini", "/var/lib/tidings/tidings.key",
                                            f"{PAPER}/news/welcome.gmi")]
    before, pid = [path.read_bytes() for path in kept], main_pid(machine)
    with Readers(machine) as readers:
        install(machine, newer)
    print(f"\nupgrade: {readers.asked} replies, {readers.failed} failed")
    assert machine.do("dpkg-query", "-W", "-f", "${Version}", "tidings") == "99"
    assert is_active(machine) and main_pid(machine) != pid
    assert [path.read_bytes() for path in kept] == before and b"; mine" in before[0]
    assert readers.asked > 0 and readers.failed == 0, readers.faults


def test_removal_stops_it_and_leaves_settings_and_paper(machine, tidings):
    machine.do("apt-get", "remove", "-y", "tidings")
    assert [machine.run("systemctl", "is-active", unit)[1].strip() for unit in UNITS] == ["inactive"] * 3
    assert not answers(machine, tidings)
    assert machine.do("find", "/proc", "-maxdepth", "1", "-user", "tidings") == ""
    for path in ("/etc/tidings/server.ini", "/var/lib/tidings/tidings.key", f"{PAPER}/news/welcome.gmi"):
        assert machine.path(path).exists(), path
    assert machine.run("systemctl", "--failed", "--plain", "--no-legend")[1].strip() == ""


def test_second_installation_goes_on_with_what_was_left(machine, tidings, package):
    key = machine.path("/var/lib/tidings/tidings.key").read_bytes()
    install(machine, package)
    assert is_active(machine) and answers(machine, tidings)
    assert machine.path("/var/lib/tidings/tidings.key").read_bytes() == key
    assert "; mine" in machine.path("/etc/tidings/server.ini").read_text()


def test_purge_leaves_nothing_but_paper_and_key(machine):
    machine.do("apt-get", "purge", "-y", "tidings")
    left = machine.do("find", "/etc", "/usr", "/lib/", "/var", "/run", "-name", "*tidings*", "-not", "-path",
                      "/var/lib/tidings/*").split()
    assert left == ["/var/lib/tidings"]
    assert sorted(path.name for path in machine.path("/var/lib/tidings").iterdir()) == [
        "content", "tidings.crt", "tidings.key"]
    assert machine.run("systemctl", "--failed", "--plain", "--no-legend")[1].strip() == ""
