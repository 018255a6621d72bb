"""Mutants: small faults put into the code one at a time, each of which a test should see.

python benchmarks/mutate.py [--count N] [--seed N] [MODULE=TEST…]

A mutant turns one comparison, operator, number, truth value or condition of a module into another. The tests of the module run
on a copy of the tree; a mutant that they pass is printed: there a test is missing, or the fault changes nothing. The choice is
that of the seed. The tests that the modules are paired with by default are those of the same name.
"""

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("kg/names", "kg/resolution", "kg/graph/statistics.py", "kg/graph/filters.py", "kg/corpus/cleaning.py")  # fmt: skip
SECONDS = 600
"""After which a run of tests counts as having seen the fault: it does not end."""
COMPARED = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is}  # fmt: skip
COMPUTED = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr}  # fmt: skip


def mutations(tree):
    """Yield (node, what makes it a fault) for each place of a module that can be changed."""
    for node in ast.walk(tree):
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
    """Return the source with one change, the line of it, and the changed line."""
    tree = ast.parse(source)
    node, change = list(mutations(tree))[number]
    before = ast.unparse(node).split("\n")[0]
    change(node)
    ast.fix_missing_locations(tree)
    return ast.unparse(tree), node.lineno, f"{before}  ->  {ast.unparse(node).splitlines()[0]}"


def modules():
    """Yield each module of the rooms with its test, where there is one."""
    for room in ROOMS:
        path = ROOT / room
        for module in sorted(path.glob("*.py")) if path.is_dir() else [path]:
            test = ROOT / "tests" / module.relative_to(ROOT).with_name(f"test_{module.name}")
            if module.exists() and test.exists():
                yield module.relative_to(ROOT), [test.relative_to(ROOT)]
            elif module.exists() and path.is_dir() and module.name != "__init__.py":
                yield module.relative_to(ROOT), [Path("tests") / room]


def seen(tree, tests):
    """Say whether a test of a tree fails."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *map(str, tests)]  # fmt: skip
    try:
        ran = subprocess.run(
            command, cwd=tree, capture_output=True, check=False, timeout=SECONDS,
            env={**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return True
    return ran.returncode != 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("pairs", nargs="*", metavar="MODULE=TEST")
    options = parser.parse_args()
    given = [
        (Path(module), [Path(test)]) for module, test in (one.split("=") for one in options.pairs)
    ]
    places = [
        (module, tests, number)
        for module, tests in given or modules()
        for number in range(len(list(mutations(ast.parse((ROOT / module).read_text("utf-8"))))))
    ]
    chosen = random.Random(options.seed).sample(places, min(options.count, len(places)))
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(".git", ".venv*", "node_modules", "kg-out", "*cache*"))  # fmt: skip
        for _, tests in {(one, tuple(tests)) for one, tests, _ in chosen}:
            if seen(tree, tests):
                sys.exit(f"{', '.join(map(str, tests))}: fail without a fault")
        missed = 0
        for module, tests, number in sorted(chosen, key=lambda place: (place[0], place[2])):
            whole = (ROOT / module).read_text("utf-8")
            changed, line, what = mutant(whole, number)
            (tree / module).write_text(changed, "utf-8")
            if not seen(tree, tests):
                missed += 1
                print(f"{module}:{line}: not seen: {what}", flush=True)
            (tree / module).write_text(whole, "utf-8")
    print(f"{len(chosen)} of {len(places)} faults tried (seed {options.seed}), {len(chosen) - missed} seen, {missed} not")  # fmt: skip


if __name__ == "__main__":
    main()
