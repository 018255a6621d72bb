"""Files appear whole or not at all."""

import pytest
from records import small_view

import exports
from exports.files import clean, written_whole
from kg.errors import ExportError, UnknownFormatError


def test_a_file_appears_when_it_is_whole(tmp_path):
    path = tmp_path / "a.txt"
    with written_whole(path) as stream:
        stream.write("half")
        assert not path.exists()
    assert path.read_text(encoding="utf-8") == "half"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_leaves_what_was_there_and_nothing_else(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old", encoding="utf-8")

    def write():
        with written_whole(path) as stream:
            stream.write("new")
            raise ValueError("broke")

    with pytest.raises(ValueError, match="broke"):
        write()
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(ExportError, match="cannot be written: No such file"), written_whole(tmp_path / "none" / "a.txt"):
        pass


def test_clean_text_has_no_character_that_xml_forbids():
    assert clean("a\x00b\x0bc\ud800d\ufffee\tf\n🙂") == "abcde\tf\n🙂"


def test_an_unknown_suffix_is_told_with_those_that_are_known(tmp_path):
    with pytest.raises(UnknownFormatError, match=r"unknown format '\.dot'; one of .*\.graphml"):
        exports.write(small_view(), tmp_path / "graph.dot")
