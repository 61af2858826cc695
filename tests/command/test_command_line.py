"""The command line: options that every command has, exit codes, and which configuration is read."""
import re
import subprocess

import pytest

COMMANDS = ["serve", "check", "get", "new", "cert", "status", "import"]


def test_help_lists_the_commands_and_nothing_else(paper):
    text = paper.out("--help")
    assert re.findall(r"^  ([a-z]+) ", text, re.M) == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_every_command_explains_itself(paper, command, option):
    text = paper.out(command, option)
    assert text.startswith(f"Usage: tidings {command} [-c FILE]")
    assert paper.out(option, command) == text


def test_help_needs_no_configuration(paper):
    paper.write("server.ini", "nonsense", below="")
    assert paper.out("get", "--help")


@pytest.mark.parametrize("words", [["--version"], ["get", "--version"]])
def test_version_is_one_line(paper, words):
    assert re.fullmatch(r"tidings \d+\.\d+\.\d+\n", paper.out(*words))


@pytest.mark.parametrize("words", [
    ["nonsense"], ["--nonsense"], ["-c"], ["check", "-c"], ["check", "--nonsense"], ["check", "a", "b"],
    ["get"], ["get", "/", "/news/"], ["get", "--at", "noon", "/"], ["get", "--at"], ["get", "--nonsense"],
    ["get", "finger:/"], ["get", "https://example.org/"], ["new"], ["new", "news"], ["new", "news", "a", "b"],
    ["new", "news", ""], ["new", "../news", "a"], ["cert", "burn"], ["cert", "make", "now"],
    ["import", "--json", "x"], ["import", "--base", "https://x.example/", "x"], ["import", "--section"], ["import", "--nothing"],
    ["status", "now"], ["status", "--json", "now"],
])
def test_a_command_line_that_makes_no_sense_exits_with_2_and_says_what_is_right(paper, words):
    done = paper.run(*words, code=2)
    assert b"Usage: tidings" in done.stderr
    assert done.stdout == b""


def test_configuration_is_named_before_or_after_the_command(paper):
    (paper.folder / "server.ini").rename(paper.folder / "other.ini")
    expected = paper.out("-c", "other.ini", "get", "/")
    assert "Test Courier" in expected
    assert paper.out("get", "-c", "other.ini", "/") == expected
    assert paper.out("get", "/", "-cother.ini") == expected


def test_behind_two_dashes_nothing_is_an_option(paper):
    path = paper.out("new", "--", "news", "--help")
    assert path == "content/news/help.gmi\n"


def test_a_configuration_that_is_not_there_is_an_error(paper):
    assert paper.err("check", "-c", "missing.ini") == "missing.ini: No such file or directory\n"


def test_server_ini_of_the_current_folder_is_read(paper):
    paper.write("server.ini", "[server]\ncontemt = x\n", below="")
    assert paper.err("check") == 'server.ini:2: unknown key "contemt" in [server]\n'


def test_errors_do_not_carry_control_characters_to_the_terminal(paper):
    paper.write("server.ini", "[server]\n\x1b[31mcontent = x\n", below="")
    assert "\x1b" not in paper.err("check")
    assert "\x1b" not in paper.err("\x1b[31m", code=2)


def test_a_full_disk_is_an_error(paper):
    with open("/dev/full", "wb") as full:
        done = subprocess.run([paper.tidings, "check", "--defaults"], cwd=paper.folder, stdout=full,
                              stderr=subprocess.PIPE, timeout=60)
    assert done.returncode == 1
    assert done.stderr
