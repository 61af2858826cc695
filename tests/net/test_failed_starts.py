"""Starts that must fail: one clear sentence, exit code 1, and nothing that was begun is left."""
import fcntl
import os
import pathlib
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import time

import pytest

from papers import write_paper
from running import Server, until
from test_processes import make_certificate, status

SECONDS = 10  # of a start that fails; it takes some hundredths on a machine with nothing else to do
ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become someone else")
NUMBERS = ("", "x", "-1", "1.5", "0x10", "1 000", "99999999999999999999")
ADDRESSES = ("", "1965", "localhost:1965", "127.0.0.1", "[::1]", "::1:1965", "127.0.0.1:65536", "127.0.0.1:-1",
             "127.0.0.1:0, 127.0.0.1:0", "127.0.0.1:0,", "unix:relative")
NETWORKS = ("10.0.0.0/33", "10.0.0.0/x", "proxy.example", "::/129", "10.0.0.0/8,", "10.0.0.0/8, 10.0.0.0/8")
HOSTS = ("", "two words", "-dash", "dots..dots", "b\u00fccher.example", "a,,b", "::1", "same, SAME")
SWITCH = ("", "maybe", "Yes", "1", "yes no")

# For every setting what it must not be. One that is new and not here fails the test.
BAD = {
    "server.content": ("", "pa\x7fper"),
    "server.state": ("", "sta\x7fte"),
    "server.workers": (*NUMBERS, "0", "257", "Auto"),
    "server.user": ("x" * 33, "no\x7fbody"),
    "server.access_log": ("", "a\x7fb"),
    "server.log_addresses": ("", "maybe", "no|masked", "YES"),
    "server.log_search": SWITCH,
    "server.error_log": ("", "a\x7fb"),
    "server.log_level": ("", "debug", "INFO"),
    "server.log_format": ("", "xml", "JSON"),
    "server.favicon": ("abc", "a b"),
    "server.robots_disallow": ("news", "/a,", "/two words", "/a, /a"),
    "gemini.listen": ADDRESSES,
    "gemini.hostname": HOSTS,
    "gemini.certificate": ("", "a\x7fb"),
    "gemini.key": ("", "a\x7fb"),
    "gemini.ticket_key": ("\x7f",),
    "gemini.strict_port": SWITCH,
    "gemini.proxy": NETWORKS,
    "gopher.listen": ADDRESSES,
    "gopher.hostname": HOSTS,
    "gopher.port": (*NUMBERS, "65536"),
    "gopher.text_lastline": SWITCH,
    "gopher.proxy": NETWORKS,
    "limits.connections": (*NUMBERS, "0", "1000001"),
    "limits.per_address": (*NUMBERS, "0", "1000001"),
    "limits.requests": (*NUMBERS, "100001"),
    "import.contact": ("x" * 121, "a\x7fb"),
    "import.pause": (*NUMBERS, "61"),
    "import.rules": ("a\x7fb",),
    "limits.burst": (*NUMBERS, "0", "1000001"),
    "limits.robot_requests": (*NUMBERS, "100001"),
    "limits.robot_burst": (*NUMBERS, "0", "1000001"),
    "limits.exempt": NETWORKS,
    "limits.handshake_time": (*NUMBERS, "0", "3601"),
    "limits.request_time": (*NUMBERS, "0", "3601"),
    "limits.progress_time": (*NUMBERS, "0", "3601"),
    "limits.total_time": (*NUMBERS, "0", "86401"),
    "metrics.listen": ADDRESSES,
}


def everything_below(folder):
    """What is there, by name; the size of what somebody may have written into."""
    return {str(path.relative_to(folder)): path.stat().st_size if path.is_file() else None
            for path in folder.rglob("*") if path.name not in ("out", "err")}


def failed_start(server, before=None):
    """What a server that must not start says, line by line. Nothing of it may be left."""
    before = before or everything_below(server.folder)
    begun = time.monotonic()
    server.launch()
    assert server.wait(SECONDS) == 1, server.log()
    assert time.monotonic() - begun < SECONDS
    until(lambda: not is_group(server.process.pid), 2)
    assert server.out() == ""
    assert everything_below(server.folder) == before
    lines = server.log().splitlines()
    assert 0 < len(lines) <= 6, lines
    return lines


def is_group(pid):
    try:
        os.killpg(pid, 0)
        return True
    except ProcessLookupError:
        return False


def settings(tidings):
    """{"section.key": default} of every setting."""
    text = subprocess.run([tidings, "check", "--defaults"], check=True, capture_output=True).stdout.decode()
    section, found = "", {}
    for line in text.splitlines():
        if match := re.fullmatch(r"\[(\w+)\]", line):
            section = match[1]
        elif match := re.fullmatch(r"(\w+) = (.*)", line):
            found[f"{section}.{match[1]}"] = match[2]
    return found


def test_every_setting_has_bad_values_here(tidings):
    assert sorted(BAD) == sorted(settings(tidings))


@pytest.mark.parametrize("name", BAD)
def test_bad_value_is_told_with_its_line_and_nothing_starts(run, name):
    section, key = name.split(".")
    for value in BAD[name]:
        server = run.new({section: {key: value}})
        text = (server.folder / "server.ini").read_text().splitlines()
        number = text.index(f"{key} = {value}", text.index(f"[{section}]")) + 1
        lines = failed_start(server)
        assert len(lines) == 1
        match = re.fullmatch(rf"{server.folder}/server\.ini:{number}: {key}: (.{{10,300}})", lines[0])
        assert match, f"{value!r}: {lines}"
        assert not re.search(r"[\x00-\x1f\x7f]", match[1])


@pytest.mark.parametrize("text,sentence", [
    ("[server]\nnonsense = 1\n", r'server\.ini:2: unknown key "nonsense" in \[server\]'),
    ("[nonsense]\nx = 1\n", r"server\.ini:1: unknown section \[nonsense\]"),
    ("[server\ncontent = x\n", r"server\.ini:1: unknown section \[server"),
    ("content = x\n", r'server\.ini:1: "content" stands before the first \[section\]'),
    ("[server]\nworkers\n", r'server\.ini:2: not a "key = value" line'),
    ("[server]\nworkers = 1\n\nworkers = 2\n", r"server\.ini:4: workers is already set on line 2"),
    ("[server]\ncontent = " + "x" * 300 + "\n", r"server\.ini:2: .*longer than \d+ bytes"),
    ("[gemini]\ncertificate = a\nkey = a\n", r"server\.ini: certificate and key are the same file"),
    ("[server]\ncontent = a\n[gemini]\nkey = a/b\n", r"server\.ini: the key lies in the content folder.*"),
    ("[server]\ncontent = a\nstate = a/b\n", r"server\.ini: the state folder lies in the content folder"),
    ("[zone preview]\nkeys =\n", r'server\.ini:1: "preview" is no path of a zone: .+'),
    ("[zone /news/]\nkeys =\n[zone /news/x/]\n", r"server\.ini:3: the zone .+ overlap"),
    ("[zone /latest/]\nkeys =\n", r"server\.ini:1: Tidings itself has pages at /latest/"),
    ("[zone /preview/]\nkeys = 12:34\n", r'server\.ini:2: keys: "12:34" is no SHA-256 of a public key: .+'),
    ("[site Name]\ncontent = x\n", r"server\.ini:1: \[site Name\]: a site has a name of a-z, .+"),
    ("[site a.example]\nworkers = 1\n", r'server\.ini:2: unknown key "workers" in \[site a\.example\]'),
    ("[site a.example]\nstate = x\n", r"server\.ini: .*content.*"),
    ("[gemini]\nlisten = [::1]:7\n[gopher]\nlisten = [::1]:7\n",
     r"server\.ini: both \[gemini\] and \[gopher\] listen on \[::1\]:7"),
])
def test_file_that_makes_no_sense_is_told_and_nothing_starts(run, text, sentence):
    server = run.new()
    (server.folder / "server.ini").write_text(text)
    assert re.fullmatch(f"{server.folder}/{sentence}", *failed_start(server))


def test_configuration_that_cannot_be_read_is_named(run):
    server = run.new()
    (server.folder / "server.ini").unlink()
    assert failed_start(server) == [f"{server.folder}/server.ini: No such file or directory"]
    (server.folder / "server.ini").mkdir()
    assert failed_start(server) == [f"{server.folder}/server.ini: Is a directory"]


@pytest.mark.parametrize("section,address", [
    ("gemini", "127.0.0.1"), ("gopher", "127.0.0.1"), ("metrics", "127.0.0.1"), ("gopher", "::1"),
])
def test_port_in_use_is_told_and_nothing_starts(run, section, address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as holder:
        try:
            holder.bind((address, 0))
        except OSError:
            pytest.skip(f"this machine has no {address}")
        holder.listen()
        text = f"[{address}]" if ":" in address else address
        text += f":{holder.getsockname()[1]}"
        # The first address of the list is bound by then.
        server = run.new({section: {"listen": f"127.0.0.1:0, {text}"}})
        assert failed_start(server)[-1] == (
            f"[{section}] listen: {text}: the port is in use; is the server running already?")


def test_second_server_cannot_share_the_port_of_the_first(run):
    first = run()
    second = run.new({"gemini": {"listen": f"127.0.0.1:{first.gemini}"}})
    assert failed_start(second)[-1].endswith("the port is in use; is the server running already?")


def test_address_of_another_machine_is_told(run):
    server = run.new({"gemini": {"listen": "192.0.2.1:0"}})
    assert failed_start(server)[-1] == "[gemini] listen: 192.0.2.1:0: this machine does not have that address"


def test_socket_that_cannot_be_made_is_told_and_the_one_before_it_goes(run):
    server = run.new()
    first, second = server.folder / "first", server.folder / "none" / "second"
    server.configure({"gopher": {"listen": f"unix:{first}, unix:{second}"}})
    assert failed_start(server)[-1] == f"[gopher] listen: unix:{second}: No such file or directory"


@pytest.mark.parametrize("is_there,words", [
    (None, "No such file or directory"), ("file", "Not a directory"),
    ("empty", "is empty; a paper begins with an edition.ini and an article"),
    ("hidden", "is empty; a paper begins with an edition.ini and an article"),
])
def test_content_that_is_no_paper_is_told_and_nothing_starts(run, is_there, words):
    server = run.new()
    content = server.folder / "content"
    server.configure({"server": {"content": content}})
    if is_there == "file":
        content.write_text("")
    elif is_there:
        content.mkdir()
    if is_there == "hidden":
        (content / ".git").mkdir()
    line = failed_start(server)[-1]
    assert line.startswith(f"[server] content: the content folder {content}") and line.endswith(words), line


def test_broken_edition_ini_is_told_with_its_line_and_the_rest_is_served(run, paper):
    """A writer's mistake never takes the paper down, not even at the first start."""
    (paper / "edition.ini").write_text("name = A Courier\nnonsense\n")
    server = run()
    assert re.search(r'error: edition\.ini:2: not a "key = value" line', server.log())
    (paper / "edition.ini").write_text("name = A Courier\n")
    until(lambda: "A Courier" in subprocess.run(
        [server.tidings, "get", f"gopher://127.0.0.1:{server.gopher}/1/"], capture_output=True).stdout.decode())


@pytest.mark.parametrize("state,words", [
    ("server.ini", "server.ini: Not a directory"),
    ("server.ini/deep/er", "server.ini/deep/er cannot be made: {folder}/server.ini: Not a directory"),
])
def test_state_that_cannot_be_a_folder_is_told(run, state, words):
    server = run.new()
    server.configure({"server": {"state": server.folder / state}})
    assert failed_start(server)[-1] == (
        f"[server] state: the state folder {server.folder}/" + words.format(folder=server.folder))


def test_state_of_another_server_is_told_with_its_process(run):
    first = run()
    second = run.new({"server": {"state": first.folder / "state"}})
    assert failed_start(second)[-1] == (
        f"{first.folder}/state/lock: another server is running on this state folder; "
        f"its editor is process {first.children()['editor']}")
    assert status(first) == 20


def test_state_that_is_locked_by_a_stranger_is_told(run):
    server = run.new()
    state = server.folder / "state"
    state.mkdir()
    with open(state / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert failed_start(server)[-1] == f"{state}/lock: another server is running on this state folder"


@pytest.mark.parametrize("log", ["none/access.log", "server.ini/access.log", "."])
def test_access_log_that_cannot_be_written_is_told(run, log):
    server = run.new()
    server.configure({"server": {"access_log": f"{server.folder}/{log}"}})
    assert failed_start(server)[-1].startswith(f"[server] access_log: {server.folder}/{log}"), server.log()


@pytest.mark.parametrize("fault,sentence", [
    ("foreign key", r"{0}/site\.key is not the key of {0}/site\.crt"),
    ("no key", r"{0}/site\.crt, {0}/site\.key: the certificate is there but not its key"),
    ("no certificate", r"{0}/site\.crt, {0}/site\.key: the key is there but not its certificate: "
                       r"tidings cert renew makes one for it"),
    ("garbage", r"{0}/site\.crt: no certificate can be read from it \(.+\)"),
    ("cut certificate", r"{0}/site\.crt: no certificate can be read from it \(.+\)"),
    ("empty certificate", r"{0}/site\.crt: no certificate can be read from it \(.+\)"),
    ("cut key", r"{0}/site\.key: no key can be read from it \(.+\)"),
    ("open key", r"{0}/site\.key: others may read this private key; run chmod 600 on it"),
    ("certificate folder", r"{0}/server\.ini/site\.key: Not a directory"),
])
def test_unusable_certificate_is_told_and_nothing_starts(run, fault, sentence):
    server = run.new()
    certificate, key = server.folder / "site.crt", server.folder / "site.key"
    make_certificate(server, "site.crt", "site.key")
    if fault == "foreign key":
        make_certificate(server, "site.crt", "other.key")
    elif fault == "no key":
        key.unlink()
    elif fault == "no certificate":
        certificate.unlink()
    elif fault == "garbage":
        certificate.write_text("garbage")
    elif fault in ("cut certificate", "cut key"):
        path = certificate if fault == "cut certificate" else key
        path.write_text(path.read_text()[:150])
    elif fault == "empty certificate":
        certificate.write_text("")
    elif fault == "open key":
        key.chmod(0o644)
    else:
        server.configure({"gemini": {"certificate": server.folder / "server.ini" / "site.crt",
                                     "key": server.folder / "server.ini" / "site.key"}})
    line = failed_start(server)[-1]
    assert re.fullmatch(sentence.format(re.escape(str(server.folder))), line), line


@pytest.fixture
def nobodys(tidings):
    """A server whose folder, with the paper in it, belongs to nobody, and whose processes become nobody."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        write_paper(folder / "paper")
        server = Server(tidings, folder, folder / "paper", {"server": {"user": "nobody"}})
        yield server
        server.stop()


@ROOT_ONLY
def test_unknown_user_is_told_and_nothing_starts(run):
    server = run.new({"server": {"user": "nobody-here"}})
    assert failed_start(server) == ['[server] user: there is no user "nobody-here"']


@ROOT_ONLY
@pytest.mark.parametrize("which,name", [("content", "paper"), ("state", "state")])
def test_folder_that_is_closed_to_the_user_is_told_and_nothing_starts(nobodys, which, name):
    folder = nobodys.folder / name
    folder.mkdir(exist_ok=True)
    folder.chmod(0o700)
    assert failed_start(nobodys)[-1] == (
        f"[server] {which}: the {which} folder {folder}: Permission denied for user nobody")


class Ordinary(Server):
    """A server that somebody starts who is not root."""

    def launch(self):
        account = pwd.getpwnam("nobody")
        with open(self.folder / "out", "wb") as out, open(self.folder / "err", "wb") as err:
            self.process = subprocess.Popen(
                ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups",
                 self.tidings, "serve", "-c", str(self.folder / "server.ini")],
                stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd=self.folder, start_new_session=True)
        return self


@pytest.fixture
def ordinary(tidings):
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("nobody can become someone else here")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        write_paper(folder / "paper")
        binary = folder / "tidings"
        shutil.copy(tidings, binary)
        server = Ordinary(str(binary), folder, folder / "paper")
        shutil.chown(folder, "nobody")
        yield server
        server.stop()


def test_key_of_somebody_else_is_told_and_nothing_starts(ordinary):
    make_certificate(ordinary, "site.crt", "site.key")  # root's, mode 600
    assert failed_start(ordinary)[-1] == f"{ordinary.folder}/site.key: Permission denied"
    shutil.chown(ordinary.folder / "site.key", "nobody")
    (ordinary.folder / "site.key").chmod(0)
    assert failed_start(ordinary)[-1] == f"{ordinary.folder}/site.key: Permission denied"


@pytest.mark.parametrize("which,name", [("content", "paper"), ("state", "state")])
def test_folder_of_somebody_else_is_told_and_nothing_starts(ordinary, which, name):
    folder = ordinary.folder / name
    folder.mkdir(exist_ok=True)
    folder.chmod(0o700)
    assert failed_start(ordinary)[-1] == f"[server] {which}: the {which} folder {folder}: Permission denied"


def test_state_that_cannot_be_made_in_the_folder_of_somebody_else_is_told(ordinary):
    above = ordinary.folder / "above"
    above.mkdir()
    ordinary.configure({"server": {"state": above / "deep" / "state"}})
    assert failed_start(ordinary)[-1] == (
        f"[server] state: the state folder {above}/deep/state cannot be made: {above}: Permission denied")


def test_port_below_1024_needs_a_right_that_is_told(ordinary):
    if int(pathlib.Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text()) <= 70:
        pytest.skip("everybody may bind port 70 here")
    ordinary.configure({"gopher": {"listen": "127.0.0.1:70"}})
    assert failed_start(ordinary)[-1] == (
        "[gopher] listen: 127.0.0.1:70: ports below 1024 need root or the right to bind them")
