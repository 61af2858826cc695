"""The service unit and what belongs to it: judged by systemd's own tools, tried as far as that goes without an init."""
import os
import pathlib
import re
import shutil
import signal
import subprocess

import pytest

from running import Server, until

ROOT = pathlib.Path(__file__).resolve().parents[2]
DIST = ROOT / "src" / "dist"


def call(*command, **how):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, **how)
    return done.returncode, done.stdout


def values_of(unit, name):
    return re.findall(rf"^{name}=(.*)$", (DIST / unit).read_text(), re.MULTILINE)


@pytest.fixture(scope="module")
def installed(tmp_path_factory, tidings):
    """A folder that the service's files were installed in, below the prefix /usr."""
    folder = tmp_path_factory.mktemp("installed")
    (folder / "usr" / "bin").mkdir(parents=True)
    shutil.copy(tidings, folder / "usr" / "bin" / "tidings")
    install(folder)
    return folder


def install(folder):
    code, said = call(DIST / "install", folder, "/usr", "/etc", "/usr/lib/systemd/system")
    assert code == 0, said


def test_exposure_is_at_most_1_6_and_what_the_readme_says():
    code, said = call("systemd-analyze", "security", "--no-pager", "--offline=true", "--threshold=16",
                      DIST / "tidings.service")
    assert code == 0, said
    exposure = re.search(r"Overall exposure level for tidings.service: ([0-9.]+)", said)[1]
    assert f"exposure {exposure}" in (ROOT / "README.md").read_text()


def test_units_have_no_unknown_settings(installed):
    """verify knows all names and values, and follows what units say of each other."""
    units = installed / "usr" / "lib" / "systemd" / "system"
    for unit in units.iterdir():  # what verify asks to be there
        unit.write_text(unit.read_text().replace("/usr/bin/tidings", "/bin/true"))
    code, said = call("systemd-analyze", "verify", "--man=no", "--recursive-errors=no",
                      *sorted(map(str, units.iterdir())))
    ours = [line for line in said.splitlines() if "tidings" in line]
    assert code == 0 and not ours, said
    install(installed)


def test_socket_units_name_their_sockets_after_the_protocols_and_are_the_services(installed):
    assert values_of("tidings.socket", "FileDescriptorName") == ["gemini"]
    assert values_of("tidings-gopher.socket", "FileDescriptorName") == ["gopher"]
    assert values_of("tidings.socket", "ListenStream") == ["1965"]
    assert values_of("tidings-gopher.socket", "ListenStream") == ["70"]
    assert values_of("tidings-gopher.socket", "Service") == ["tidings.service"]
    assert values_of("tidings.service", "Sockets") == ["tidings.socket tidings-gopher.socket"]


def test_service_is_tried_for_ever_and_needs_no_program_but_the_shell():
    """systemd closes the sockets of a service that it has given up; /bin/kill is of a package that may be missing."""
    assert values_of("tidings.service", "StartLimitIntervalSec") == ["0"]
    assert values_of("tidings.service", "ExecReload") == ["/bin/sh -c 'kill -HUP $MAINPID'"]


def test_service_needs_no_right_and_tells_how_it_is():
    assert values_of("tidings.service", "CapabilityBoundingSet") == [""]
    assert values_of("tidings.service", "User") == ["tidings"]
    assert values_of("tidings.service", "Type") == ["notify"]


def calls_allowed():
    """The system calls that the unit lets through, by systemd's own groups."""
    said = call("systemd-analyze", "syscall-filter", "--no-pager")[1]
    groups = {}
    for block in said.split("\n\n"):
        words = [line.strip() for line in block.splitlines() if not line.strip().startswith("#")]
        if words and words[0].startswith("@"):
            groups[words[0]] = words[1:]

    def members(names):
        return {call for name in names for call in (members(groups[name]) if name.startswith("@") else [name])}

    allowed = set()
    for line in values_of("tidings.service", "SystemCallFilter"):
        if line.startswith("~"):
            allowed -= members(line[1:].split())
        else:
            allowed |= members(line.split())
    return allowed | members(["@default"])


def test_unit_lets_through_every_system_call_that_is_made(tidings, tmp_path):
    """From the start through requests, a reload, a new article and a killed worker to the end."""
    shutil.copytree(DIST / "starter", tmp_path / "paper")
    (tmp_path / "strace").write_text(f'#!/bin/sh\nexec strace -D -f -qq -o {tmp_path}/calls {tidings} "$@"\n')
    (tmp_path / "strace").chmod(0o755)
    (tmp_path / "server").mkdir()
    server = Server(str(tmp_path / "strace"), tmp_path / "server", tmp_path / "paper")
    try:
        server.start()
        for protocol, port in (("gopher", server.gopher), ("gemini", server.gemini)):
            call(tidings, "get", f"{protocol}://127.0.0.1:{port}/")
        server.signal(signal.SIGKILL, "worker 1")
        until(lambda: "worker 1" in server.children())
        shutil.copy(tmp_path / "paper/news/welcome.gmi", tmp_path / "paper/news/again.gmi")
        until(lambda: "/news/again" in call(tidings, "get", f"gopher://127.0.0.1:{server.gopher}/1/news/")[1])
        server.signal(signal.SIGHUP)
        until(lambda: "reloaded" in server.log())
        server.process.terminate()
        assert server.wait() == 0
    finally:
        server.stop()
    lines = until(lambda: (tmp_path / "calls").read_text().splitlines())
    made = set(re.findall(r"^\d+ +(\w+)\(", "\n".join(lines), re.MULTILINE))
    assert {"landlock_restrict_self", "openat2", "accept4", "inotify_add_watch"} <= made
    of_root = {"fchown"} if os.geteuid() == 0 else set()  # SQLite's, which the unit's user never reaches
    assert sorted(made - calls_allowed() - of_root) == []


def test_units_name_the_prefix_that_they_are_installed_below(installed):
    texts = [path.read_text(errors="replace") for path in installed.rglob("*") if path.is_file()
             and path.name != "tidings"] + [(installed / "usr/lib/systemd/system/tidings.service").read_text()]
    assert not any("/usr/local/" in text for text in texts)
    assert "ExecStart=/usr/bin/tidings serve -c /etc/tidings/server.ini\n" in texts[-1]


def test_configuration_that_is_there_survives_a_second_installation(installed):
    path = installed / "etc" / "tidings" / "server.ini"
    first = path.read_text()
    path.write_text("; mine\n")
    install(installed)
    assert path.read_text() == "; mine\n"
    path.write_text(first)


@pytest.mark.parametrize("name", ["server.ini", "container.ini"])
def test_configurations_that_come_along_serve_the_first_paper_without_a_fault(tidings, tmp_path, name):
    """Their folders are those of the unit, in another root."""
    text = (DIST / name).read_text()
    text = re.sub(r"/var/lib/tidings/content|/paper\b", str(DIST / "starter"), text)
    text = re.sub(r"/var/(lib|log)/tidings", str(tmp_path), text)
    (tmp_path / name).write_text(text)
    code, said = call(tidings, "check", "-c", tmp_path / name)
    assert code == 0 and "0 errors, 0 warnings" in said, said


def test_every_folder_that_the_configuration_writes_is_the_units():
    ini = (DIST / "server.ini").read_text()
    state = re.search(r"^state = (\S+)", ini, re.MULTILINE)[1]
    assert state.removeprefix("/var/lib/") in values_of("tidings.service", "StateDirectory")[0].split()
    assert str(pathlib.Path(re.search(r"^key = (\S+)", ini, re.MULTILINE)[1]).parent) == "/var/lib/tidings"
    assert re.search(r"^access_log = /var/log/tidings/", ini, re.MULTILINE)
    assert values_of("tidings.service", "LogsDirectory") == ["tidings"]


def test_user_and_folders_are_made_by_the_snippets(installed, tmp_path):
    shutil.copytree(installed, tmp_path / "root")
    for file, text in {"passwd": "root:x:0:0::/root:/bin/sh\n", "group": "root:x:0:\n"}.items():
        (tmp_path / "root" / "etc" / file).write_text(text)
    code, said = call("systemd-sysusers", f"--root={tmp_path}/root", "--dry-run", "tidings.conf")
    assert code == 0 and "Creating user 'tidings'" in said or "Would create user 'tidings'" in said, said
    lines = (DIST / "tidings.tmpfiles").read_text().splitlines()
    assert [line.split()[:2] for line in lines if not line.startswith("#")] == [
        ["d", "/var/lib/tidings"], ["C", "/var/lib/tidings/content"]]
    assert (installed / "usr" / "share" / "tidings" / "starter" / "news" / "welcome.gmi").exists()


def test_logrotate_takes_the_snippet(tmp_path):
    text = (DIST / "tidings.logrotate").read_text()
    (tmp_path / "snippet").write_text(text.replace("/var/log/tidings", str(tmp_path)).replace(
        "su tidings tidings", "su root root").replace("0640 tidings tidings", "0640 root root"))
    (tmp_path / "snippet").chmod(0o644)
    (tmp_path / "access.log").write_text("one line\n")
    code, said = call(shutil.which("logrotate") or "/usr/sbin/logrotate", "--debug", "--force", "--state",
                      tmp_path / "status", tmp_path / "snippet")
    assert code == 0 and "error" not in said and "rotating log" in said, said


COMPLETE = """
PATH="$1:$PATH"; source "$2"; shift 2
COMP_WORDS=(tidings "$@"); COMP_CWORD=$#; _tidings; printf '%s\\n' "${COMPREPLY[@]}"
"""


def completed(tidings, *words):
    code, said = call("bash", "-c", COMPLETE, "bash", str(pathlib.Path(tidings).parent), DIST / "tidings.bash", *words)
    assert code == 0, said
    return said.split()


def commands_of(tidings):
    return re.findall(r"^  ([a-z]+) ", call(tidings, "--help")[1], re.MULTILINE)


def test_completion_offers_every_command(tidings):
    listed = re.search(r"command_list\[\] = \{(.*?)\};", (ROOT / "src/command/list.c").read_text(), re.DOTALL)[1]
    names = re.findall(r"&(\w+)_command", listed)
    assert sorted(commands_of(tidings)) == sorted(names)
    assert sorted(completed(tidings, "")) == sorted([*names, "-c", "--site", "--help", "--version"])


def test_completion_offers_every_option_and_word_of_each_command(tidings):
    for command in commands_of(tidings):
        usage = call(tidings, command, "--help")[1].splitlines()[0].split("[-c FILE]")[1]
        expected = set(re.findall(r"--[a-z-]+", usage)) | set(re.findall(r"(?<![-\w])[a-z]+\b", usage))
        assert set(completed(tidings, command, "")) == expected | {"-c", "--help"}, command
    assert {"make", "renew"} <= set(completed(tidings, "cert", ""))
    assert completed(tidings, "check", "--de") == ["--defaults"]


def test_completion_knows_the_command_behind_c_file_and_completes_files(tidings, tmp_path):
    assert completed(tidings, "-c", "check", "cert", "re") == ["renew"]
    assert completed(tidings, "--site", "check", "cert", "re") == ["renew"]
    (tmp_path / "a.ini").touch()
    assert completed(tidings, "-c", str(tmp_path / "a.")) == [str(tmp_path / "a.ini")]


def test_container_has_the_libraries_that_the_program_needs(tidings):
    """Whole names of packages: those of libevent differ only behind the dash. What these need in turn apt knows."""
    code, said = call("ldd", tidings)
    assert code == 0
    code, headers = call("objdump", "-p", tidings)
    assert code == 0
    direct = set(re.findall(r"NEEDED +(\S+)", headers))
    said = "\n".join(line for line in said.splitlines() if line.split()[0] in direct)
    text = (DIST / "Containerfile").read_text()
    installed = set(re.search(r"apt-get install ([^&]*) &&", text)[1].split())
    files = {os.path.realpath(path) for path in re.findall(r"=> (/\S+)", said)}
    owners = {call("dpkg-query", "-S", "*/" + "/".join(path.split("/")[-2:]))[1].split(":")[0] for path in files}
    assert {"libssl3", "libevent-extra-2.1-7"} <= owners
    assert owners - {"libc6"} <= installed


def test_shell_scripts_have_no_syntax_errors():
    for name in ("install", "need", "debian/tidings.postrm"):
        assert call("sh", "-n", DIST / name)[0] == 0
