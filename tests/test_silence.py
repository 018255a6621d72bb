"""kg calls nobody: every command is run where the network is a loopback of its own, and each query and connection is counted.

The namespace has a resolver that answers, so that a library which looks for its maker gets on to the connection; the kernel
counts what was sent. The home folder is empty, and stays so.
"""

import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from kg.cli.main import app
from kg.project import build_project
from pipelines.run import BATCH

ROOT = Path(__file__).resolve().parents[1]
ONLINE = {"fetch"}
"""What is asked to call somebody, and calls nobody else."""
LASTING = {"mcp", "serve"}
"""What waits for others to ask."""
COMMANDS = {
    "build": ["{many}", "-o", "{out}", "--jobs", "2"],
    "extract": ["{few}", "-o", "{folder}/mentions.jsonl"],
    "evaluate": ["{gold}", "{few}"],
    "export": ["{out}", "-o", "{folder}/part.html"],
    "show": ["BERT", "-p", "{out}"],
    "papers": ["BERT", "-p", "{out}"],
    "links": ["BERT", "-p", "{out}"],
    "trends": ["{out}"],
    "communities": ["{out}"],
    "gaps": ["{out}"],
    "matrix": ["{out}"],
    "compare": ["2010-2019", "2020-", "-p", "{out}"],
    "thesaurus": ["-p", "{out}"],
    "report": ["-p", "{out}"],
    "remove": ["nothing-of-this-name", "-p", "{out}"],
}


def in_namespace(*command, **options):
    """Run a command in a network, and a tree of mounts, of its own."""
    return subprocess.run(
        ["unshare", "--map-root-user", "--net", "--mount", *command],
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


def permitted():
    """Say whether this system lets us make such a namespace, with a resolver of our own."""
    if shutil.which("unshare") is None or not Path("/proc/net/snmp").exists():
        return False
    return in_namespace("mount", "--bind", "/etc/hostname", "/etc/resolv.conf").returncode == 0


namespaced = pytest.mark.skipif(
    not permitted(), reason="needs Linux, and leave to make network and mount namespaces"
)


def test_every_command_is_tried():
    names = {one.name for one in app.registered_commands}
    assert names - ONLINE - LASTING == set(COMMANDS)


@namespaced
def test_the_count_sees_a_query_and_a_connection(tmp_path):
    script = "import socket; socket.create_connection(('example.org', 443)).close()"
    assert counted(tmp_path, [sys.executable, "-c", script]) == {"queries": True, "connections": 1}


@namespaced
def test_no_command_makes_a_query_a_connection_or_a_file_of_the_user(tmp_path):
    few, many = tmp_path / "few.jsonl", tmp_path / "many.jsonl"
    lines = (ROOT / "examples/papers.jsonl").read_text(encoding="utf-8").splitlines()
    many.write_text(
        "\n".join(lines[: BATCH + 1]), encoding="utf-8"
    )  # so many that workers read them
    lines = lines[:3]
    few.write_text("\n".join(lines), encoding="utf-8")
    gold = tmp_path / "gold.jsonl"
    gold.write_text(
        "".join(json.dumps({"id": json.loads(line)["id"], "e": []}) + "\n" for line in lines),
        encoding="utf-8",
    )
    places = {"out": tmp_path / "out", "folder": tmp_path, "few": few, "many": many, "gold": gold}
    commands = [
        [name, *(part.format(**places) for part in rest)] for name, rest in COMMANDS.items()
    ]
    script = (
        "import json, sys, time\nfrom kg.cli.main import main\n"
        "if __name__ == '__main__':\n"
        "    for sys.argv in json.loads(sys.argv[1]):\n"
        "        sys.argv.insert(0, 'kg')\n"
        "        try:\n            main()\n"
        "        except SystemExit as end:\n            assert end.code in (0, 1), sys.argv\n"
        "    time.sleep(2)\n"
    )
    (tmp_path / "all.py").write_text(script, encoding="utf-8")
    seen = counted(tmp_path, [sys.executable, str(tmp_path / "all.py"), json.dumps(commands)])
    assert seen == {"queries": False, "connections": 0}
    assert list((tmp_path / "home").rglob("*")) == []


@namespaced
def test_fetch_calls_the_service_that_it_is_told_and_nobody_else(tmp_path):
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from loopback import Services, serving\nfrom kg.cli.main import main\n"
        "with serving(played := Services(2)) as address:\n"
        "    sys.argv = ['kg', 'fetch', 'openalex', 'rivers', '-o', sys.argv[2], '--base-url', address]\n"
        "    try:\n        main()\n"
        "    except SystemExit as end:\n        assert end.code == 0\n"
        "print('connections', played.connections)\n"
    )
    (tmp_path / "fetch.py").write_text(script, encoding="utf-8")
    papers = tmp_path / "papers.jsonl"
    said = []
    seen = counted(
        tmp_path,
        [sys.executable, str(tmp_path / "fetch.py"), str(ROOT / "tests"), str(papers)],
        said,
    )
    assert len(papers.read_text(encoding="utf-8").splitlines()) == 2
    (own,) = (int(line.split()[1]) for line in said if line.startswith("connections "))
    assert seen == {"queries": False, "connections": own}
    assert own >= 1
    assert list((tmp_path / "home").rglob("*")) == []


@namespaced
def test_an_assistant_is_answered_without_a_call(tmp_path):
    pytest.importorskip("mcp")
    lines = (ROOT / "examples/papers.jsonl").read_text(encoding="utf-8").splitlines()[:9]
    (tmp_path / "papers.jsonl").write_text("\n".join(lines), encoding="utf-8")
    build_project([tmp_path / "papers.jsonl"], tmp_path / "out", jobs=1)
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}  # fmt: skip
    asked = [
        {"id": 1, "method": "initialize", "params": hello},
        {"method": "notifications/initialized"},
        {"id": 2, "method": "tools/list"},
        {"id": 3, "method": "tools/call", "params": {"name": "find_nodes", "arguments": {"text": "a"}}},
    ]  # fmt: skip
    text = "".join(json.dumps({"jsonrpc": "2.0"} | one) + "\n" for one in asked)
    script = (
        "import subprocess, sys, time\n"
        "command = [sys.executable, '-m', 'kg', 'mcp', sys.argv[1]]\n"
        "with subprocess.Popen(command, stdin=-1, stdout=-1, text=True) as process:\n"
        "    print(sys.argv[2], file=process.stdin, flush=True)\n"
        "    for line in process.stdout:\n"
        "        print(line, end='')\n"
        "        if '\"id\":3' in line.replace(' ', ''): break\n"
        "    time.sleep(1)\n    process.stdin.close()\n"
    )
    said = []
    command = [sys.executable, "-c", script, str(tmp_path / "out"), text]
    assert counted(tmp_path, command, said) == {"queries": False, "connections": 0}
    answers = {one["id"]: one["result"] for one in map(json.loads, said[:-1]) if "id" in one}
    assert set(answers) == {1, 2, 3}
    assert list((tmp_path / "home").rglob("*")) == []


def counted(folder, command, said=None):
    """Run a command with an empty home folder where only this process answers; whether it asked for a name, and how often it connected."""
    (folder / "home").mkdir()
    (folder / "resolv.conf").write_text("nameserver 127.0.0.1\n", encoding="utf-8")
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"CI", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"}
    }  # libraries that send something often do not where they are tested
    environment |= {
        "HOME": str(folder / "home"),
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
    }
    done = in_namespace(
        sys.executable, __file__, str(folder / "resolv.conf"), json.dumps(command),
        env=environment, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [line for line in done.stdout.splitlines() if line]
    if said is not None:
        said += lines
    return json.loads(lines[-1])


def inside():
    """What runs in the namespace: make the resolver and two listeners, run the command, and print what the kernel counted."""
    subprocess.run(["mount", "--bind", sys.argv[1], "/etc/resolv.conf"], check=True)
    interface = struct.pack("16sH", b"lo", 1)  # IFF_UP
    import fcntl  # noqa: PLC0415 - of POSIX

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        fcntl.ioctl(one, 0x8914, interface)  # SIOCSIFFLAGS
    resolver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    resolver.bind(("127.0.0.1", 53))
    threading.Thread(target=answer, args=(resolver,), daemon=True).start()
    _listeners = [socket.create_server(("127.0.0.1", port)) for port in (80, 443)]
    ended = subprocess.run(json.loads(sys.argv[2]), capture_output=True, text=True, check=False)
    sys.stdout.write(ended.stdout + ended.stderr + "\n")
    seen = {"queries": count("Udp", "OutDatagrams") > 0, "connections": count("Tcp", "ActiveOpens")}
    sys.stdout.write(json.dumps(seen) + "\n")
    sys.stdout.flush()
    os._exit(ended.returncode)


def answer(resolver):
    """Say of every name that it is this machine."""
    while True:
        query, sender = resolver.recvfrom(512)
        end = query.index(b"\0", 12) + 5
        of_four = query[end - 4 : end - 2] == b"\0\1"
        head = query[:2] + b"\x81\x80\0\1" + (b"\0\1" if of_four else b"\0\0") + b"\0\0\0\0"
        record = b"\xc0\x0c\0\1\0\1\0\0\0\1\0\4\x7f\0\0\1" if of_four else b""
        resolver.sendto(head + query[12:end] + record, sender)


def count(protocol, what):
    """Return one of the kernel's counts of this network."""
    lines = [
        line.split()[1:]
        for line in Path("/proc/net/snmp").read_text(encoding="ascii").splitlines()
        if line.startswith(f"{protocol}:")
    ]
    return int(lines[1][lines[0].index(what)])


if __name__ == "__main__":
    inside()
