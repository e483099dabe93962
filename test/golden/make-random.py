"""Writes random.json beside this file: what NumPy's legacy generator and Python's random draw from a seed. Needs Python 3 and NumPy.

    python3 test/golden/make-random.py
"""
import json
import pathlib
import random

import numpy as np

# Each draw continues where the one before it stopped.
NUMPY = {
    "42": ["randint(0, 10, 12)", "randint(0, 3000, 5)", "permutation(10)", "rand(3)", "randn(5)", "uniform(-2, 5)", "uniform(-2, 5, (2, 2))", "randn(2)", "randint(-5, 5, (2, 3))", "randint(7)", "randint(0, 1, 3)", "rand()", "randn(2, 3)", "permutation(3)"],
    "0": ["randn(3)", "permutation(17)", "randint(0, 2**32, 3)", "randint(0, 2**31, 2)", "rand(2, 2)"],
    "4294967295": ["rand(2)", "randint(0, 256, 8)", "randn(1)"],
    "1337": ["shuffle([1, 2, 3, 4, 5, 6, 7])", "uniform(0, 1)", "randn(700)[-1]", "rand(700)[-1]"],
}
PYTHON = {
    "42": ["random()", "uniform(-1, 1)", "gauss(0, 1)", "gauss(2, 3)", "randint(0, 10)", "randint(-3, 1000000)", "shuffle([1, 2, 3, 4, 5, 6, 7])", "gauss(0, 1)", "random()"],
    "0": ["random()", "gauss(0, 1)", "randint(0, 4294967294)"],
    "-42": ["random()"],
    "1337": ["uniform(-1, 1)", "uniform(-1, 1)", "shuffle([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])"],
    "9007199254740991": ["random()", "randint(1, 6)"],
}


def legacy(seed):
    state = np.random.RandomState(seed)

    def drawn(call):
        if call.startswith("shuffle"):
            items = json.loads(call[8:-1])
            state.shuffle(items)
            return items
        return np.asarray(eval(f"state.{call}", {"state": state})).tolist()

    return drawn


def python(seed):
    state = random.Random(seed)

    def drawn(call):
        if call.startswith("shuffle"):
            items = json.loads(call[8:-1])
            state.shuffle(items)
            return items
        return eval(f"state.{call}", {"state": state})

    return drawn


def table(generator, seeds):
    out = []
    for seed, calls in seeds.items():
        draw = generator(int(seed))
        out.append({"seed": int(seed), "draws": [[call, draw(call)] for call in calls]})
    return out


text = json.dumps({"numpy": table(legacy, NUMPY), "python": table(python, PYTHON)}, indent=0)
pathlib.Path(__file__).with_name("random.json").write_text(text + "\n")
