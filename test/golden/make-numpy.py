"""Writes numpy.json beside this file: what NumPy answers for axes, keepdims, sizes 0 and 1, slices, repeated indices, and products
of vectors and stacks. Needs Python 3 and NumPy.

    python3 test/golden/make-numpy.py
"""
import itertools
import json
import math
import pathlib
import warnings

import numpy as np

warnings.simplefilter("ignore")
random = np.random.RandomState(0)
cases = []


def array(*shape):
    return np.round(random.randn(*shape), 3)


def as_json(x):
    x = np.asarray(x, dtype=float)
    entries = [v if math.isfinite(v) else "NaN" if math.isnan(v) else "Infinity" if v > 0 else "-Infinity" for v in x.ravel().tolist()]
    return {"shape": list(x.shape), "values": entries}


def case(f, operands, arguments, expected):
    cases.append({"f": f, "operands": [as_json(x) for x in operands], "arguments": arguments, "expected": as_json(expected)})


def logsumexp(x, axis, keepdims):
    return np.log(np.sum(np.exp(x), axis=axis, keepdims=keepdims))


def norm(x, axis, keepdims):
    return np.sqrt(np.sum(x * x, axis=axis, keepdims=keepdims))


def reductions():
    functions = {"sum": np.sum, "mean": np.mean, "prod": np.prod, "var": np.var, "std": np.std, "max": np.max, "min": np.min, "logsumexp": logsumexp, "norm": norm}
    places = [((3,), [None, -1]), ((2, 3), [None, 0, -1, [0, 1]]), ((2, 1, 3), [1, [-1, 0]]), ((0, 2), [0, 1])]
    for (shape, axes), (name, f) in itertools.product(places, functions.items()):
        for axis, keepdims in itertools.product(axes, (False, True)):
            if shape[0] == 0 and axis == 0 and name in ("max", "min"):
                continue
            x = array(*shape)
            case(name, [x], [{"axis": axis, "keepdims": keepdims}], f(x, axis=tuple(axis) if isinstance(axis, list) else axis, keepdims=keepdims))


def rearrangements():
    x = array(2, 3, 2)
    for axes in itertools.permutations(range(3)):
        case("transpose", [x], [[k - 3 for k in axes]], np.transpose(x, axes))
    case("transpose", [x], [], x.T)
    case("reshape", [x], [[3, -1]], x.reshape(3, -1))
    column = array(3, 1)
    case("broadcastTo", [column], [[2, 3, 2]], np.broadcast_to(column, (2, 3, 2)))
    for axis in (None, 0, 1, -1):
        case("cumsum", [x], [{"axis": axis}], np.cumsum(x, axis=axis))
        case("take", [x], [[[0, 1], [1, -1]], {"axis": axis}], np.take(x, [[0, 1], [1, -1]], axis=axis))
    for index in ([1], [-1, 2], [0, -3, 1]):
        case("at", [x], index, x[tuple(index)])
    y = array(5, 4)
    sides = [None, -6, -2, 0, 1, 3, 9]
    for begin, end, step in itertools.product(sides, sides, (1, -1, 2, -3)):
        if (sides.index(begin) * 5 + sides.index(end) * 3 + step) % 4 == 0:
            case("slice", [y], [[begin, end, step], [None, None, -2]], y[begin:end:step, ::-2])


def products():
    shapes = [((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 2)), ((2, 3), (3, 2)), ((3,), (2, 3, 2)), ((2, 2, 3), (3,)), ((2, 2, 3), (3, 1)), ((2, 1, 2, 3), (4, 3, 2)), ((0, 3), (3, 2)), ((2, 0), (0, 2))]
    for p, q in shapes:
        a, b = array(*p), array(*q)
        case("matmul", [a, b], [], np.matmul(a, b))
        case("dot", [a, b], [], np.dot(a, b))
    a, b = array(2), array(3)
    case("outer", [a, b], [], np.outer(a, b))


def corners():
    special = [0.0, 0.5, 1.0, -1.0, -2.0, 3.0, math.inf, -math.inf, math.nan]
    for a, b in itertools.product(special, special):
        if (a, b) == (-math.inf, 0.5):
            continue  # NumPy takes the square root, NaN; IEEE 754 has pow(−∞, 0.5) = ∞.
        for name, f in (("pow", np.power), ("div", np.divide), ("maximum", np.maximum), ("minimum", np.minimum)):
            case(name, [a, b], [], f(np.float64(a), np.float64(b)))
    names = {"abs": np.abs, "sign": np.sign, "exp": np.exp, "expm1": np.expm1, "log": np.log, "log1p": np.log1p, "sqrt": np.sqrt, "sin": np.sin, "tan": np.tan, "asin": np.arcsin, "atan": np.arctan, "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh, "asinh": np.arcsinh, "acosh": np.arccosh, "atanh": np.arctanh, "reciprocal": np.reciprocal}
    for (name, f), a in itertools.product(names.items(), special):
        case(name, [a], [], f(np.float64(a)))


reductions()
rearrangements()
products()
corners()
text = "[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n"
pathlib.Path(__file__).with_name("numpy.json").write_text(text)
