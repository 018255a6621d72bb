"""Mutants: small faults put into the code one at a time, each of which a test should see.

python benchmarks/mutate.py [--count N] [--seed N] [MODULE=TESTS…]

A mutant turns one comparison, operator, number, truth value or condition of a module into another;
annotations and decorators are left alone. What runs are the tests of the module's own room that come by the changed
line (coverage tells, once for each room), the quickest first, on a copy of the tree, each mutant in a
process of its own that finds the libraries loaded. A mutant that they pass is printed: there a test
is missing, or the fault changes nothing. The choice is that of the seed.
"""

import argparse
import ast
import collections
import importlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = {
    "kg/names": "tests/kg/names",
    "kg/resolution": "tests/kg/resolution",
    "kg/graph/statistics.py": "tests/kg/graph/test_statistics.py",
    "kg/graph/strength.py": "tests/kg/graph/test_strength.py",
    "kg/graph/filters.py": "tests/kg/graph/test_filters.py",
    "kg/corpus/cleaning.py": "tests/kg/corpus/test_cleaning.py",
}
"""Where faults are put, and the tests that should see them."""
SECONDS, MEMORY = 120, 12 << 30
"""After which a run of tests counts as having seen the fault: it does not end, or fills the memory."""
LIBRARIES = ("pytest", "hypothesis", "hypothesis.strategies", "numpy", "scipy.stats", "networkx", "duckdb", "orjson", "spacy", "typer", "rich")  # fmt: skip
COMPARED = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is}  # fmt: skip
COMPUTED = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr}  # fmt: skip


def walk(node):
    """Yield the nodes of a tree but for annotations and decorators, which hold types and sizes of caches."""
    yield node
    for name, value in ast.iter_fields(node):
        if name not in {"annotation", "returns", "decorator_list"}:
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from walk(child)


def mutations(tree):
    """Yield (node, what makes it a fault) for each place of a module that can be changed."""
    for node in walk(tree):
        if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARED:
            other = COMPARED[type(node.ops[0])]()
            yield node, lambda one, other=other: one.ops.__setitem__(0, other)
        elif isinstance(node, ast.BoolOp):
            other = ast.And() if isinstance(node.op, ast.Or) else ast.Or()
            yield node, lambda one, other=other: setattr(one, "op", other)
        elif isinstance(node, ast.BinOp) and type(node.op) in COMPUTED:
            other = COMPUTED[type(node.op)]()
            yield node, lambda one, other=other: setattr(one, "op", other)
        elif isinstance(node, ast.Constant) and isinstance(node.value, bool | int | float):
            other = not node.value if isinstance(node.value, bool) else node.value + 1
            yield node, lambda one, other=other: setattr(one, "value", other)
        elif isinstance(node, ast.If | ast.IfExp):
            yield node, lambda one: setattr(one, "test", ast.UnaryOp(ast.Not(), one.test))


def mutant(source, number):
    """Return the source with one change, the lines of it, and the change."""
    tree = ast.parse(source)
    node, change = list(mutations(tree))[number]
    before, last = ast.unparse(node).split("\n")[0], getattr(node, "end_lineno", node.lineno)
    if isinstance(node, ast.If):
        last = node.test.end_lineno
    change(node)
    ast.fix_missing_locations(tree)
    return ast.unparse(tree), (node.lineno, last), f"{before}  ->  {ast.unparse(node).splitlines()[0]}"  # fmt: skip


def modules():
    """Yield each module of the rooms with the tests of its room."""
    for room, tests in ROOMS.items():
        path = ROOT / room
        for module in sorted(path.glob("*.py")) if path.is_dir() else [path]:
            yield module.relative_to(ROOT), tests


def environment(tree):
    """The environment of tests on a copy of the tree."""
    return {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "", "CI": "1"}


def lines_of_tests(tree, tests):
    """Run tests once; return how long each took, and by (module, line) which came by."""
    data, times = tree / "coverage", tree / "times.json"
    plugin = tree / "timing_plugin.py"
    plugin.write_text(
        "import json, pathlib\nspent = {}\n"
        "def pytest_runtest_logreport(report):\n"
        "    spent[report.nodeid] = spent.get(report.nodeid, 0) + report.duration\n"
        f"def pytest_sessionfinish():\n    pathlib.Path({str(times)!r}).write_text(json.dumps(spent))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "timing_plugin", "--cov=kg", "--cov-context=test", "--cov-report=", tests],
        cwd=tree, capture_output=True, text=True, check=False, env={**environment(tree), "COVERAGE_FILE": str(data)},
    )  # fmt: skip
    if ran.returncode:
        sys.exit(f"{tests}: fail without a fault\n{ran.stdout[-2000:]}")
    coverage = importlib.import_module("coverage").CoverageData(str(data))
    coverage.read()
    came_by = collections.defaultdict(set)
    for name in coverage.measured_files():
        for line, contexts in coverage.contexts_by_lineno(name).items():
            module = Path(name).relative_to(tree)
            came_by[module, line].update(one.split("|")[0] for one in contexts if one)
    return json.loads(times.read_text()), came_by


class Chosen:
    """A plugin that keeps some tests, the quickest first."""

    def __init__(self, names):
        self.names = {name: number for number, name in enumerate(names)}

    def pytest_collection_modifyitems(self, items):
        """Keep and sort."""
        items[:] = sorted(
            (item for item in items if item.nodeid in self.names),
            key=lambda item: self.names[item.nodeid],
        )


def seen(tree, names):
    """Say whether one of these tests of a tree fails, in a forked process of its own."""
    child = os.fork()
    if not child:
        os.setpgrp()
        os.chdir(tree)
        sys.path.insert(0, str(tree))
        sys.dont_write_bytecode = True
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):
            os.dup2(nowhere, stream)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        files = sorted({name.split("::")[0] for name in names})
        code = 1
        try:
            code = importlib.import_module("pytest").main(
                [
                    "-x",
                    "-q",
                    "-p",
                    "no:cacheprovider",
                    "-W",
                    "ignore::pytest.PytestAssertRewriteWarning",
                    *files,
                ],
                plugins=[Chosen(names)],
            )
        finally:
            os._exit(int(code))
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        gone, status = os.waitpid(child, os.WNOHANG)
        if gone:
            return os.waitstatus_to_exitcode(status) != 0
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def tests_of(module, lines, times, came_by):
    """Return the tests that come by some lines of a module, the quickest first; for what runs at its import all that use it."""
    names = set().union(*(came_by[module, line] for line in range(lines[0], lines[1] + 1)))
    if not names:
        names = set().union(*(tests for (one, _), tests in came_by.items() if one == module))
    return sorted(names or times, key=lambda name: (times.get(name, 0), name))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("pairs", nargs="*", metavar="MODULE=TESTS")
    options = parser.parse_args()
    given = [(Path(module), tests) for module, tests in (one.split("=") for one in options.pairs)]
    places = [
        (module, tests, number)
        for module, tests in given or modules()
        for number in range(len(list(mutations(ast.parse((ROOT / module).read_text("utf-8"))))))
    ]
    chosen = random.Random(options.seed).sample(places, min(options.count, len(places)))
    for library in LIBRARIES:
        importlib.import_module(library)
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder).resolve() / "tree"
        shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(".git", ".venv*", "node_modules", "kg-out", "*cache*"))  # fmt: skip
        os.environ.update(environment(tree))
        known = {tests: lines_of_tests(tree, tests) for tests in sorted({one for _, one, _ in chosen})}  # fmt: skip
        for tests, (times, _) in known.items():
            if seen(tree, sorted(times, key=times.get)):
                sys.exit(f"{tests}: fail without a fault, when forked")
        missed = try_all(tree, sorted(chosen, key=lambda place: (place[0], place[2])), known)
    share = 100 * sum(missed.values()) / len(chosen)
    print(f"{len(chosen)} of {len(places)} faults tried (seed {options.seed}), {sum(missed.values())} not seen ({share:.1f} %): {dict(missed)}")  # fmt: skip


def try_all(tree, chosen, known):
    """Try the faults one by one; return how many of each module no test saw."""
    missed = collections.Counter()
    for module, tests, number in chosen:
        times, came_by = known[tests]
        target = tree / module
        before = target.stat()
        whole = target.read_text("utf-8")
        changed, lines, what = mutant(whole, number)
        names = tests_of(module, lines, times, came_by)
        target.write_text(changed, "utf-8")
        if not seen(tree, names):
            missed[str(module)] += 1
            print(f"{module}:{lines[0]}: not seen by {len(names)} tests: {what}", flush=True)
        target.write_text(whole, "utf-8")
        os.utime(target, ns=(before.st_atime_ns, before.st_mtime_ns))
    return missed


if __name__ == "__main__":
    main()
