"""Files appear whole or not at all."""

import os
import resource
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from records import small_view

import exports
from exports.files import atomic_write, atomic_write_all, clean, one_line
from kg.errors import ExportError, StoreError, UnknownFormatError


def test_a_file_appears_when_it_is_whole(tmp_path):
    path = tmp_path / "a.txt"
    with atomic_write(path) as stream:
        stream.write("half")
        assert not path.exists()
    assert path.read_text(encoding="utf-8") == "half"
    assert list(tmp_path.iterdir()) == [path]


def test_two_files_appear_together(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    with atomic_write_all(one, two) as (first, second):
        first.write_bytes(b"1")
        second.write_bytes(b"2")
        assert not one.exists()
    assert (one.read_bytes(), two.read_bytes()) == (b"1", b"2")


@pytest.mark.parametrize(
    "error", [ValueError("broke"), KeyboardInterrupt(), StoreError("no store")]
)
def test_a_failure_leaves_what_was_there_and_nothing_else_and_is_not_disguised(tmp_path, error):
    path = tmp_path / "a.txt"
    path.write_text("old", encoding="utf-8")

    def write():
        with atomic_write(path) as stream:
            stream.write("new")
            raise error

    with pytest.raises(type(error)) as raised:
        write()
    assert raised.value is error
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_named(tmp_path):
    with (
        pytest.raises(ExportError, match="cannot be written: No such file"),
        atomic_write(tmp_path / "none" / "a.txt"),
    ):
        pass


def test_a_folder_where_the_file_should_go_is_named(tmp_path):
    (tmp_path / "a.txt").mkdir()
    with (
        pytest.raises(ExportError, match=r"a\.txt: cannot be written: Is a directory"),
        atomic_write(tmp_path / "a.txt"),
    ):
        pass
    assert list(tmp_path.iterdir()) == [tmp_path / "a.txt"]


def test_a_read_only_folder_is_named(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with (
        pytest.raises(
            ExportError,
            match="cannot be written: Permission denied; expected a folder that can be written to",
        ),
        atomic_write(tmp_path / "a"),
    ):
        pass


def test_a_disk_without_room_leaves_what_was_there(tmp_path):
    path = tmp_path / "graph.graphml"
    path.write_text("old", encoding="utf-8")
    program = (
        "import resource, signal, sys, pathlib, networkx as nx\n"
        "sys.path[:0] = ['.', 'tests']\n"
        "from graphs import node, view_of\n"
        "import exports\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
        "graph = nx.Graph()\n"
        "graph.add_nodes_from((str(n), node()) for n in range(1000))\n"
        "exports.write(view_of(graph), pathlib.Path(sys.argv[1]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert "ExportError" in done.stderr
    assert "cannot be written: File too large" in done.stderr
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 50_000


def test_a_file_keeps_its_permissions_and_a_new_one_gets_the_usual_ones(tmp_path):
    kept, usual, fresh = tmp_path / "kept", tmp_path / "usual", tmp_path / "fresh"
    kept.touch()
    kept.chmod(0o640)
    usual.touch()
    for path in (kept, fresh):
        with atomic_write(path) as stream:
            stream.write("x")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o640
    assert fresh.stat().st_mode == usual.stat().st_mode


def test_a_link_to_a_file_stays_a_link(tmp_path):
    target, name = tmp_path / "target", tmp_path / "name"
    target.write_text("old", encoding="utf-8")
    name.symlink_to(target)
    with atomic_write(name) as stream:
        stream.write("new")
    assert name.is_symlink()
    assert target.read_text(encoding="utf-8") == "new"


def test_the_longest_name_that_a_folder_takes_can_be_written(tmp_path):
    path = tmp_path / ("x" * 255)
    with atomic_write(path) as stream:
        stream.write("x")
    assert path.exists()


def test_clean_text_has_no_character_that_xml_forbids():
    assert clean("a\x00b\x0bc\ud800d\ufffee\tf\n🙂") == "abcde\tf\n🙂"
    assert one_line("a\r\n\u2028 b\x85c ") == "a b c"


def test_an_unknown_suffix_is_told_with_those_that_are_known(tmp_path):
    with pytest.raises(UnknownFormatError, match=r"unknown format '\.dot'; one of .*\.graphml"):
        exports.write(small_view(), tmp_path / "graph.dot")


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be removed there")
def test_what_a_killed_writer_left_is_removed_and_what_a_living_one_writes_is_not(tmp_path):
    path = tmp_path / "graph.html"
    writing = "import os, signal, sys, pathlib; from exports.files import atomic_write\nwith atomic_write(pathlib.Path(sys.argv[1])) as s: s.write('half'); s.flush(); os.kill(os.getpid(), signal.SIGKILL)"
    subprocess.run([sys.executable, "-c", writing, str(path)], check=False)
    (left,) = tmp_path.iterdir()
    with atomic_write(path) as stream:
        stream.write("one")
        assert not left.exists()
        with atomic_write(path) as other:
            other.write("two")
        assert path.read_text(encoding="utf-8") == "two"
    assert path.read_text(encoding="utf-8") == "one"
    assert list(tmp_path.iterdir()) == [path]
