"""The user's file of names: reading, refusing, writing a start."""

import io

import pytest
from records import assign

from kg.errors import ThesaurusError
from kg.records import Abbreviation, Entity, EntityType, Extraction, Mention, Node
from kg.resolution.resolve import resolve
from kg.resolution.thesaurus import Line, Thesaurus, read_thesaurus, write_thesaurus
from kg.resolution.usage import Usage

METHOD, DATASET = EntityType.METHOD, EntityType.DATASET


@pytest.fixture
def read(tmp_path):
    def read_text(text, name="names.tsv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return read_thesaurus(path)

    return read_text


def _refusal(read, text):
    with pytest.raises(ThesaurusError) as caught:
        read(text)
    return str(caught.value).split("names.tsv", 1)[1]


def test_lines_are_read_with_their_numbers(read):
    thesaurus = read(
        "label\treplace by\ttype\nCIFAR10\tCIFAR-10\n\nWinograd\tWSC\tBenchmark\nour model\t\n"
    )
    assert thesaurus.lines == {
        "cifar10": Line("CIFAR10", "CIFAR-10", None, 2),
        "winograd": Line("Winograd", "WSC", EntityType.BENCHMARK, 4),
        "ourmodel": Line("our model", "", None, 5),
    }


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("label\treplace by\nA b\tC\n", "names.tsv"),
        ("label,replace by\nA b,C\n", "names.csv"),
        ('"label","replace by"\n"A b","C"\n', "names.csv"),
        ("\ufefflabel\treplace by\r\nA b\tC\r\n", "names.txt"),
        ("replace by\tlabel\nC\tA b\n", "names.tsv"),
        ("A b\tC\n", "names.tsv"),
        ("Label\tReplace By\tType\nA b\tC\t\n", "names.tsv"),
    ],
)
def test_tabs_or_commas_and_any_order_of_columns_will_do(read, text, name):
    assert {line.label: line.replacement for line in read(text, name).lines.values()} == {
        "A b": "C"
    }


def test_a_blank_or_ignored_name_is_dropped_and_a_typed_one_is_not(read):
    thesaurus = read("label\treplace by\ttype\nA\t\t\nB\t<ignore>\nC\t\tdataset\nD\t=\n")
    assert thesaurus.dropped == {"a", "b"}
    assert thesaurus.apart == {"d"}
    assert thesaurus.replacements == {"c": "C"}
    assert thesaurus.types == {"c": DATASET}


def test_a_replaced_replacement_is_followed(read):
    thesaurus = read("label\treplace by\ttype\nA\tB\tdataset\nB\tC d\nC d\tC D\n")
    assert thesaurus.replacements == {"a": "C D", "b": "C D", "cd": "C D"}
    assert thesaurus.types == {"cd": DATASET}


def test_lines_that_name_nothing_are_unused_in_the_order_of_the_file(read):
    thesaurus = read("label\treplace by\nB\tX\nA\tX\nC\tX\n")
    assert [line.number for line in thesaurus.unused(["c"])] == [2, 3]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "label\treplace by\n--\tX\n",
            ":2: no name in the first column, found '--'; expected label, replace by, type",
        ),
        (
            "label\treplace by\ttype\nA\tX\tmodel\n",
            ":2: 'model' is no type; one of method, dataset, benchmark, task, metric",
        ),
        (
            "label\treplace by\nA\tX\nA\tY\n",
            ":3: 'A' is the name of line 2 too, which says something else of it",
        ),
        ("label\treplace by\nA\tB\nB\tA\n", ":2: 'A' is replaced in a circle, by line 2 again"),
        ("label\treplace by\nA\t--\n", ":2: '--' is no name; expected a name, = or nothing"),
        (
            "label\treplace by\nA\tB\tdataset\tmore\n",
            ":2: 2 columns too many; expected label, replace by, type, a name with a comma in quotes",
        ),
        (
            "label\tcolour\nA\tB\n",
            ":1: columns label, colour; expected label, replace by, type, the last one if wanted",
        ),
        (
            'label\treplace by\nA\t"B\n',
            ":2: unexpected end of data; expected label, replace by, type",
        ),
    ],
)
def test_a_line_that_is_not_understood_is_refused_with_its_place(read, text, message):
    assert _refusal(read, text) == message


def test_the_same_said_twice_is_no_contradiction(read):
    assert len(read("label\treplace by\nGANs\tGAN\nGAN\tGAN\n").lines) == 1


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(ThesaurusError, match="cannot be read as UTF-8 text"):
        read_thesaurus(tmp_path / "none.tsv")
    (tmp_path / "latin.tsv").write_bytes(b"label\treplace by\n\xe9\tX\n")
    with pytest.raises(ThesaurusError, match="cannot be read as UTF-8 text"):
        read_thesaurus(tmp_path / "latin.tsv")


NODES = (
    Node("sgd", "SGD", METHOD, ("SGDs", "stochastic gradient descent")),
    Node("schema", "Schema-Guided Dialogue", DATASET, ("SGD",)),
    Node("tab", 'a\t"b"', METHOD, ()),
)


def test_a_start_holds_every_name_that_means_one_node():
    stream = io.StringIO()
    write_thesaurus(NODES, stream)
    assert stream.getvalue().splitlines() == [
        "label\treplace by\ttype",
        "stochastic gradient descent\tSGD\t",
        "Schema-Guided Dialogue\tSchema-Guided Dialogue\tdataset",
        '"a\t""b"""\t"a\t""b"""\tmethod',
    ]


def test_a_start_can_be_written_to_a_path(tmp_path):
    write_thesaurus(NODES, tmp_path / "start.tsv")
    assert read_thesaurus(tmp_path / "start.tsv").replacements["stochasticgradientdescent"] == "SGD"


def _paper(names, defines):
    mentions = tuple(
        Mention(10 * number, 10 * number + len(name), METHOD, name)
        for number, name in enumerate(names, 1)
    )
    return Extraction(
        (Entity(METHOD, names, mentions),),
        tuple(Abbreviation(short, long, 0, 1) for short, long in defines),
        ((0, 99),),
    )


def test_a_start_read_back_unchanged_changes_nothing(tmp_path):
    papers = [
        *(
            (
                f"a{n}",
                _paper(
                    ("stochastic gradient descent", "SGD"), [("SGD", "stochastic gradient descent")]
                ),
            )
            for n in range(4)
        ),
        ("b", _paper(("SGD",), [])),
        ("c", _paper(("GANs",), [])),
        (
            "d",
            _paper(("generative adversarial net", "GAN"), [("GAN", "generative adversarial net")]),
        ),
        ("e", _paper(("GPT-4",), [])),
        ("f", _paper(("Schema-Guided Dialogue", "SGD"), [("SGD", "Schema-Guided Dialogue")])),
    ]
    before = resolve(Usage.of(papers))
    write_thesaurus(before.nodes, tmp_path / "start.tsv")
    after = resolve(Usage.of(papers), thesaurus=read_thesaurus(tmp_path / "start.tsv"))
    assert after.nodes == before.nodes
    assert after.report.unused == ()
    assert [assign(after, found) for _, found in papers] == [
        assign(before, found) for _, found in papers
    ]


def test_a_rule_is_switched_off(tmp_path):
    path = tmp_path / "names.tsv"
    path.write_text("label\treplace by\nrule: judged name\toff\n", encoding="utf-8")
    assert read_thesaurus(path).off == {"judged name"}
    assert Thesaurus.of(read_thesaurus(path).written).off == {"judged name"}
    path.write_text("label\treplace by\nrule: no such rule\toff\n", encoding="utf-8")
    with pytest.raises(ThesaurusError, match=r"names\.tsv:2: 'rule: no such rule' 'off'; expected"):
        read_thesaurus(path)


@pytest.mark.parametrize(
    "odd", ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]
)
def test_a_name_may_hold_what_some_take_for_a_line_break(tmp_path, odd):
    path = tmp_path / "names.tsv"
    node = Node("a", f"Graph{odd}Net", METHOD, (f"G{odd}Net",))
    write_thesaurus([node], path)
    lines = read_thesaurus(path).lines.values()
    assert [line.label for line in lines] == [f"Graph{odd}Net", f"G{odd}Net"]
    assert [line.number for line in lines] == [2, 3]


SPLIT = """label\treplace by\ttype
paper: p1\tMamba = Mamba (robot)
paper: p3\tMAMBA = state space model\tmethod
paper: p9\tMamba = nothing of this corpus
"""


def test_a_name_is_another_thing_in_the_papers_that_the_user_names(read):
    thesaurus = read(SPLIT)
    usage = Usage(thesaurus.said)
    numbers = [
        usage.see(f"p{n}", Extraction((Entity(METHOD, (name,), ()),), (), ()))[0]
        for n, name in enumerate(["Mamba", "mamba", "Mamba", "Mamba", "state space models"])
    ]
    found = resolve(usage, thesaurus=thesaurus)
    node_of, nodes = dict(found.entities()), {node.id: node for node in found.nodes}
    labels = [nodes[node_of[number]].label for number in numbers]
    assert labels == ["Mamba", "Mamba (robot)", "Mamba", *["state space model"] * 2]
    assert "mamba" in nodes[node_of[numbers[1]]].aliases
    rules = {(one.surface, one.rule) for one in found.merges}
    assert ("mamba", "thesaurus") in rules
    assert found.report.unused == ("line 4: paper: p9",)


def test_what_is_said_of_single_papers_is_kept_with_the_other_lines(read):
    thesaurus = read(SPLIT + "A\tB\n")
    assert Thesaurus.of(thesaurus.written) == thesaurus
    changed = thesaurus.with_lines_of(read("paper: p1\tmamba = a snake\n"))
    assert changed.said["p1", "mamba"] == "a snake"
    assert changed.lines == thesaurus.lines


@pytest.mark.parametrize("other", ["Mamba", "Mamba = ", " = snake", "- = snake", ""])
def test_a_line_on_a_paper_that_says_nothing_is_refused(read, other):
    refusal = _refusal(read, f"label\treplace by\npaper: p1\t{other}\n")
    assert refusal.startswith(":2: ")
    assert "expected paper: and the paper's id" in refusal
