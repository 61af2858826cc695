"""The Debian package: built, looked into, judged by lintian, unpacked and run."""
import pathlib
import re
import shutil
import subprocess

import pytest

from running import Server

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD_SECONDS = 600


def call(*command, **how):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=BUILD_SECONDS, **how)
    return done.returncode, done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folder of the package; build/ is not touched."""
    folder = tmp_path_factory.mktemp("deb")
    code, said = call("make", "-C", ROOT, "deb", f"BUILD={folder}")
    assert code == 0, said[-4000:]
    return folder / "deb"


@pytest.fixture(scope="module")
def package(built):
    [path] = built.glob("tidings_*.deb")
    return path


@pytest.fixture(scope="module")
def unpacked(package):
    folder = package.parent / "unpacked"
    assert call("dpkg-deb", "-x", package, folder)[0] == 0
    assert call("dpkg-deb", "-e", package, folder / "DEBIAN")[0] == 0
    return folder


def test_version_is_the_programs(package, tidings):
    version = call("dpkg-deb", "-f", package, "Version")[1].strip()
    assert call(tidings, "--version")[1].strip() == f"tidings {version}"


def test_contents_are_all_that_belongs_to_the_service(package):
    code, said = call("dpkg-deb", "-c", package)
    assert code == 0
    files = {line.split()[5] for line in said.splitlines() if line.startswith("-")}
    manual = {f"./usr/share/man/man{path.suffix[1:]}/{path.name}.gz" for path in (ROOT / "src/man").iterdir()}
    assert files == manual | {
        "./usr/bin/tidings", "./etc/tidings/server.ini", "./etc/logrotate.d/tidings",
        "./lib/systemd/system/tidings.service", "./lib/systemd/system/tidings.socket",
        "./lib/systemd/system/tidings-gopher.socket", "./usr/lib/sysusers.d/tidings.conf",
        "./usr/lib/tmpfiles.d/tidings.conf", "./usr/share/bash-completion/completions/tidings",
        "./usr/share/tidings/starter/edition.ini", "./usr/share/tidings/starter/about.gmi",
        "./usr/share/tidings/starter/news/welcome.gmi", "./usr/share/doc/tidings/README.md.gz",
        "./usr/share/doc/tidings/examples/haproxy.cfg",
        "./usr/share/doc/tidings/changelog.gz", "./usr/share/doc/tidings/copyright"}
    assert all(" root/root " in line for line in said.splitlines())


def test_lintian_finds_no_error(package):
    code, said = call("lintian", "--fail-on", "error", package)
    assert code == 0 and not re.search(r"^[EW]: ", said, re.MULTILINE), said


def test_libraries_are_dependencies(package):
    depends = call("dpkg-deb", "-f", package, "Depends")[1]
    for name in ("libc6", "libevent-core-2.1", "libinih1", "libsqlite3-0", "libssl3", "libunistring"):
        assert name in depends


def test_settings_are_kept_over_upgrades(unpacked):
    assert set((unpacked / "DEBIAN/conffiles").read_text().split()) == {
        "/etc/tidings/server.ini", "/etc/logrotate.d/tidings"}


def test_scripts_make_the_user_before_the_start_and_leave_the_ports_open_over_an_upgrade(unpacked):
    script = (unpacked / "DEBIAN/postinst").read_text()
    order = [script.index(word) for word in ("systemd-sysusers", "systemd-tmpfiles", "daemon-reload")]
    assert order == sorted(order)
    invoked = [re.findall(r"'(\S+)'", line) for line in script.splitlines() if "$_dh_action" in line]
    assert invoked == [["tidings.service"]]
    assert re.search(r"deb-systemd-invoke start .*'tidings.socket'", script)
    assert "stop 'tidings.service'" in (unpacked / "DEBIAN/prerm").read_text()
    for name in ("postinst", "prerm", "postrm"):
        assert call("sh", "-n", unpacked / "DEBIAN" / name)[0] == 0


def test_packaged_program_serves_the_first_paper(unpacked, tmp_path):
    shutil.copytree(unpacked / "usr/share/tidings/starter", tmp_path / "paper")
    (tmp_path / "server").mkdir()
    server = Server(str(unpacked / "usr/bin/tidings"), tmp_path / "server", tmp_path / "paper")
    try:
        server.start()
        code, said = call(unpacked / "usr/bin/tidings", "get", f"gopher://127.0.0.1:{server.gopher}/")
        assert code == 0 and "The presses are running" in said
    finally:
        server.stop()
