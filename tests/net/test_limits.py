"""Limits by address over real sockets: requests per second, and whom they do not apply to."""
import re
import threading
import time

import clients
import smallweb
from clients import ask, ask_tls, url
from running import until

SLOW = {"limits": {"requests": 1, "burst": 3}}


def gemini(server, path="/"):
    return ask_tls(server.gemini, url(server.gemini, path)).partition(b"\r\n")[0].decode()


def refusal(answers):
    """The first answer that is not a page; fails when all of many are."""
    return next(answer for answer in (answers() for _ in range(30)) if not answer.startswith(("20 ", "i")))


def test_client_that_asks_too_fast_is_told_for_how_long_and_served_after_it(run):
    server = run(SLOW)
    assert gemini(server).startswith("20 ")
    header = refusal(lambda: gemini(server))
    seconds = int(re.fullmatch(r"44 (\d+) seconds, please", header).group(1))
    assert 1 <= seconds <= 3
    begun = time.monotonic()
    until(lambda: gemini(server).startswith("20 "), seconds + 10)
    assert time.monotonic() - begun < seconds + 5


def test_gopher_client_that_asks_too_fast_gets_an_error_line_and_is_served_later(run):
    server = run(SLOW)
    reply = refusal(lambda: ask(server.gopher, b"\r\n").decode())
    assert re.match(r"3Too many requests at once: please wait [1-3] seconds\t\terror\.host\t1\r\n", reply)
    smallweb.menu_items(reply.encode())
    until(lambda: ask(server.gopher, b"\r\n").startswith(b"i"))


def test_workers_and_protocols_count_together(run):
    """With 1 a second and 4 at once, 40 requests in a moment get 4, whoever of the workers answers them."""
    server = run({"server": {"workers": 2}, "limits": {"requests": 1, "burst": 4}})
    begun = time.monotonic()
    pages = sum(ask(server.gopher, b"\r\n").startswith(b"i") for _ in range(20))
    pages += sum(gemini(server).startswith("20 ") for _ in range(20))
    assert 4 <= pages <= 4 + (time.monotonic() - begun) + 1


def test_whoever_reads_robots_txt_is_held_to_less_where_the_operator_says_so(run):
    strict = {"requests": 0, "robot_requests": 1, "robot_burst": 3}
    for read in (lambda server: gemini(server, "/robots.txt"), lambda server: ask(server.gopher, b"0/robots.txt\r\n")):
        server = run({"server": {"workers": 2}, "limits": strict})
        assert all(gemini(server).startswith("20 ") for _ in range(20))
        read(server)
        assert refusal(lambda: gemini(server)).startswith("44 ")
        assert refusal(lambda: ask(server.gopher, b"\r\n").decode()).startswith("3Too many")
        until(lambda: gemini(server).startswith("20 "))
    free = run({"limits": {"requests": 0}})
    read(free)
    assert all(gemini(free).startswith("20 ") for _ in range(40))
    known = run({"limits": {**strict, "exempt": "127.0.0.0/8"}})
    read(known)
    assert all(gemini(known).startswith("20 ") for _ in range(20))


def test_new_limit_holds_after_a_reload(run):
    server = run()
    for _ in range(20):
        assert ask(server.gopher, b"\r\n").startswith(b"i")
    server.configure(SLOW)
    server.process.send_signal(1)
    until(lambda: "reloaded" in server.log())
    until(lambda: ask(server.gopher, b"\r\n").startswith(b"3"))


def test_readers_who_close_each_connection_never_hold_too_many(run):
    """Six at a time are far from 40, however fast they come again."""
    server = run({"server": {"workers": 1}, "limits": {"per_address": 40}})
    refused = []

    def read():
        for _ in range(1500):
            reply = ask(server.gopher, b"/news/bench\r\n")
            if b"A bench is mended" not in reply:
                refused.append(reply)

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == []


def test_exempt_network_is_neither_slowed_down_nor_refused(run):
    server = run({"limits": {"requests": 1, "burst": 1, "per_address": 1, "exempt": "192.0.2.0/24, 127.0.0.0/8"}})
    held = [clients.connect(server.gopher) for _ in range(4)]
    for _ in range(20):
        assert ask(server.gopher, b"\r\n").startswith(b"i")
    for stream in held:
        stream.close()


def test_exemption_of_another_network_exempts_nobody_else(run):
    server = run({"limits": {"requests": 1, "burst": 1, "exempt": "192.0.2.0/24, ::/0"}})
    assert refusal(lambda: ask(server.gopher, b"\r\n").decode()).startswith("3")
