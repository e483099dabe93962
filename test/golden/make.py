"""Writes golden.json beside this file: values, gradients and second derivatives of the functions, computed by mpmath
with hundreds of digits and rounded once. Needs Python 3 and mpmath 1.3; the tests read the file and need neither.

    python3 test/golden/make.py

Derivatives are central differences at a step of 1e-60 of the input, with enough digits that they are exact to the last
bit of a double. `tail` marks inputs where a function is extreme; the tests allow more there.
"""
import json
import math
import pathlib

from mpmath import mp, mpf

mp.dps = 1900
STEP = mpf(10) ** -60


def sigmoid(x):
    return 1 / (1 + mp.exp(-x))


def gelu_tanh(x):
    return x / 2 * (1 + mp.tanh(mp.sqrt(2 / mp.pi) * (x + mpf(0.044715) * x**3)))


ORDINARY = [0.3, -0.3, 1.7, -1.7, 2.5, -2.75, 0.001, -1e-5, 0.7853981633974483, 3.3, -4.4, 9.5, -8.25]
POSITIVE = [x for x in ORDINARY if x > 0] + [0.99, 1.01, 17.0, 123.456]
UNIT = [0.3, -0.3, 0.7, -0.9, 0.001, -1e-5, 0.99, -0.999]
TINY = [1e-300, -1e-300, 1e-160, -1e-20, 1e-9]
BOTH = [20.0, -20.0, 37.5, -37.5, 40.0, -40.0, 350.0, -350.0, 700.0, -700.0]

# name: (function, ordinary inputs, inputs in the tails, options)
UNARY = {
    "neg": (lambda x: -x, ORDINARY, TINY + [1e300], None),
    "square": (lambda x: x * x, ORDINARY, [1e150, 1e-150, -1e154], None),
    "sqrt": (mp.sqrt, POSITIVE, [1e300, 1e-200, 1e-150], None),
    "reciprocal": (lambda x: 1 / x, ORDINARY, [1e100, -1e-100, 1e-102, 1e300], None),
    "abs": (abs, ORDINARY, TINY + [1e300, -1e300], None),
    "exp": (mp.exp, ORDINARY, BOTH + [709.5, -745.0, 1e-300], None),
    "expm1": (mp.expm1, ORDINARY, BOTH + TINY, None),
    "log": (mp.log, POSITIVE, [1e300, 1e-150, 1 + 2**-52, 1 - 2**-53, 1e-100], None),
    "log1p": (mp.log1p, [x for x in ORDINARY if x > -1], [-1 + 2**-50, -0.999999, 1e150, 1e300] + TINY, None),
    "sin": (mp.sin, ORDINARY, TINY + [100.0, 1e5, -1e5, 3.141592653589793], None),
    "cos": (mp.cos, ORDINARY, TINY + [100.0, 1e5, 1.5707963267948966], None),
    "tan": (mp.tan, ORDINARY, TINY + [1.57, 1.5707963, 100.0, 1e5, 1.5707963267948966], None),
    "asin": (mp.asin, UNIT, TINY + [1 - 2**-53, -1 + 2**-52, 1 - 1e-9], None),
    "acos": (mp.acos, UNIT, TINY + [1 - 2**-53, -1 + 2**-52, 1 - 1e-9], None),
    "atan": (mp.atan, ORDINARY, TINY + [1e8, -1e20, 1e100, 1e300, -1e160], None),
    "sinh": (mp.sinh, ORDINARY, BOTH + TINY + [710.0], None),
    "cosh": (mp.cosh, ORDINARY, BOTH + TINY + [710.0], None),
    "tanh": (mp.tanh, ORDINARY, [20.0, -20.0, 37.5, 350.0, -350.0] + TINY, None),
    "asinh": (mp.asinh, ORDINARY, TINY + [1e8, -1e20, 1e150, 1e300, -1e300], None),
    "acosh": (mp.acosh, [1.5, 1.01, 2.5, 3.3, 17.0, 123.456], [1 + 2**-52, 1 + 1e-9, 1e20, 1e150, 1e300], None),
    "atanh": (mp.atanh, UNIT, TINY + [1 - 2**-53, -1 + 2**-52, 1 - 1e-9], None),
    "sigmoid": (sigmoid, ORDINARY, BOTH + TINY, None),
    "logSigmoid": (lambda x: mp.log(sigmoid(x)), ORDINARY, BOTH + TINY + [-1e300, -1e5], None),
    "relu": (lambda x: mp.mpf(max(x, 0)), ORDINARY, TINY + [1e300, -1e300], None),
    "silu": (lambda x: x * sigmoid(x), ORDINARY, BOTH + TINY + [1e300], None),
    "softplus": (lambda x: mp.log1p(mp.exp(x)), ORDINARY, BOTH + TINY + [1e300], None),
    "gelu": (lambda x: x * mp.ncdf(x), ORDINARY + [-16.448500054125823], [20.0, -20.0, -30.0, 37.0, -37.0, -12.5, 1e300] + TINY, None),
    "gelu/tanh": (gelu_tanh, ORDINARY, [20.0, -20.0, 8.0, -12.5, 1e103, -1e103, 1e300, -1e300] + TINY, {"approximate": "tanh"}),
    "leakyRelu": (lambda x: x if x > 0 else mpf(0.2) * x, ORDINARY, TINY + [1e300, -1e300], {"slope": 0.2}),
    "elu": (lambda x: x if x > 0 else mpf(1.5) * mp.expm1(x), ORDINARY, BOTH + TINY + [800.0], {"alpha": 1.5}),
    "clip": (lambda x: min(max(x, mpf(-1)), mpf(2)), ORDINARY, TINY + [1e300], {"min": -1, "max": 2}),
}

PAIRS = [(0.3, 1.7), (-1.7, 2.5), (2.5, -0.3), (-0.75, -3.25), (9.5, 0.001), (1e-5, 123.456)]
BINARY = {
    "add": (lambda a, b: a + b, PAIRS, [(1e300, 1e300), (1e-300, 2e-300), (1e300, 1.0)]),
    "sub": (lambda a, b: a - b, PAIRS, [(1e300, -1e300), (1e-300, 2e-300)]),
    "mul": (lambda a, b: a * b, PAIRS, [(1e300, 1e-300), (1e150, 1e150), (1e-150, 1e-150)]),
    "div": (lambda a, b: a / b, PAIRS, [(1e300, 1e300), (1e-300, 1e-300), (1e-300, 1e300), (1.0, 1e-100), (1e-310, 1e-305), (3.0, 1e-308), (5e-309, 3e-309), (1e300, 1e200)]),
    "maximum": (lambda a, b: max(a, b), PAIRS, [(1e300, -1e300), (1e-300, 2e-300)]),
    "minimum": (lambda a, b: min(a, b), PAIRS, [(1e300, -1e300), (1e-300, 2e-300)]),
    "pow": (
        lambda a, b: a**b,
        [(0.3, 1.7), (1.7, 2.5), (2.5, -0.3), (9.5, 3.0), (123.456, 0.001), (0.75, 2.0), (3.3, 1.0), (1.01, 17.5), (0.9, 0.5)],
        [(1e300, 0.5), (1e-300, 0.5), (1e100, 2.5), (1e-100, 2.5), (1 + 1e-9, 1e9), (0.5, 700.0), (2.0, 1000.5), (2.0, -1000.5), (1e-200, 1.5), (1e150, 2.0), (1e-150, 2.0), (3.0, 300.0), (1e300, -0.75), (1e300, 1.0)],
    ),
}
# Whole exponents of negative numbers: differentiated by the base only.
POWERS = [(-1.7, 2.0), (-1.7, 3.0), (-0.3, 5.0), (-2.5, -1.0), (-2.5, -3.0), (2.5, 1.0), (1.7, 0.0), (-1.7, 1.0), (1e150, 2.0), (-1e-100, 3.0), (1.7, 100.0)]


def norm(p):
    if p == math.inf:
        return lambda xs: [max(abs(x) for x in xs)]
    return lambda xs: [sum(abs(x) ** p for x in xs) ** (mpf(1) / p)]


def prod(xs):
    y = mpf(1)
    for x in xs:
        y *= x
    return [y]


def var(ddof):
    def f(xs):
        mean = sum(xs) / len(xs)
        return [sum((x - mean) ** 2 for x in xs) / (len(xs) - ddof)]

    return f


def softmax(xs):
    top = max(xs)
    e = [mp.exp(x - top) for x in xs]
    return [x / sum(e) for x in e]


def logsumexp(xs):
    top = max(xs)
    return [top + mp.log(sum(mp.exp(x - top) for x in xs))]


def cumsum(xs):
    total, out = mpf(0), []
    for x in xs:
        total += x
        out.append(total)
    return out


VECTORS = [[0.3, -1.7, 2.5], [1.5, 0.25, -0.125, 3.0, -2.0], [0.75], [1.25, 1.5, 1.375, 1.0]]
SOFT = [[1000.0, 999.0, 998.5], [-1000.0, 0.0, 3.0], [40.0, 0.0, -1.0], [700.0, 0.0, -700.0], [1e300, 0.0], [36.0, 0.0, 0.0], [-1e300, -1e300], [1e308, 1e308], [0.0, -745.0], [-3e4, 3e4]]
# One entry is nearly all of the length; entries differ by less than their mean is rounded.
DOMINATED = [[50.0, 1.0, 2.0], [1e3, 1.0, 0.5], [1e-5, 3.0]]
HUGE_MEAN = [1e12 + 0.5, 1e12 + 0.25, 1e12 - 0.5]
REDUCTIONS = {
    "sum": (lambda xs: [sum(xs)], None, [[1e300, 1e-300, 2e299], [1e-300, 3e-300]]),
    "mean": (lambda xs: [sum(xs) / len(xs)], None, [[1e308, 1.5e308, 1e308], [1e-300, 3e-300], [1.7e308, 1.7e308]]),
    "prod": (prod, None, [[1e150, 1e-150, 3.0], [1e100, 1e100, 1e100], [1e-100, 1e-100, 1e-100], [0.0, 2.0, 3.0], [0.0, 0.0, 3.0, 2.0], [1e200, 1e-200, 1e200, 1e-200], [1e-200, 1e-200, 1e200], [1e-155, 1e10, 1e-160, 1e10]]),
    "max": (lambda xs: [max(xs)], None, [[1e300, -1e300]]),
    "min": (lambda xs: [min(xs)], None, [[1e300, -1e300]]),
    "var": (var(0), None, [[1e150, 2e150, -1e150], [1e-150, 3e-150], [1e8, 1e8 + 1, 1e8 + 2], HUGE_MEAN, [1e16, 1e16 + 2]]),
    "var/1": (var(1), {"ddof": 1}, []),
    "std": (lambda xs: [mp.sqrt(var(0)(xs)[0])], None, [[1e300, 2e300, -1e300], [1e-300, 3e-300, -2e-300], [1e8, 1e8 + 1, 1e8 + 2], HUGE_MEAN, [1e16, 1e16 + 2, 1e16 + 8]]),
    "std/1": (lambda xs: [mp.sqrt(var(1)(xs)[0])], {"ddof": 1}, []),
    "norm": (norm(2), None, [[1e300, 2e300, -3e300], [1e-300, 3e-300], [1e300, 1e-300], [1e200, 1.0], [1e-200, 3e-200], *DOMINATED, [1.0, 1e-170]]),
    "norm/1": (norm(1), {"ord": 1}, [[1e300, -2e300]]),
    "norm/3": (norm(3), {"ord": 3}, [[1e300, 2e300, -3e300], [1e-300, 3e-300], *DOMINATED]),
    "norm/7": (norm(7), {"ord": 7}, DOMINATED),
    "norm/1.5": (norm(mpf(1.5)), {"ord": 1.5}, [[1e300, 2e300, -3e300], [1e-200, 3e-200], *DOMINATED]),
    "norm/inf": (norm(math.inf), {"ord": "Infinity"}, [[1e300, -2e300]]),
    "logsumexp": (logsumexp, None, SOFT),
    "softmax": (softmax, None, SOFT),
    "logSoftmax": (lambda xs: [x - logsumexp(xs)[0] for x in xs], None, SOFT),
    "cumsum": (cumsum, None, [[1e300, 2e299, -1e300]]),
}
# The variance of one number with ddof 1 is 0/0, the standard deviation of one number a kink, equal entries ties.
SKIPPED = {("var/1", 1), ("std/1", 1), ("std", 1)}


def step(x):
    """Small beside x, and beside 1: softmax of 1e300 changes over distances of 1."""
    return STEP * min(abs(x), 1) if x != 0 else STEP


def gradient(phi, xs):
    out = []
    for i, x in enumerate(xs):
        h = step(x)
        up, down = list(xs), list(xs)
        up[i], down[i] = x + h, x - h
        out.append((phi(up) - phi(down)) / (2 * h))
    return out


def hessian(phi, xs):
    """Rows of second derivatives; a mixed one by four corners, a pure one by three points."""
    n = len(xs)
    table = [[mpf(0)] * n for _ in range(n)]
    for i in range(n):
        for j in range(i + 1):
            h, k = step(xs[i]), step(xs[j])

            def at(a, b):
                moved = list(xs)
                moved[i] += a * h
                moved[j] += b * k
                return phi(moved)

            table[i][j] = table[j][i] = (
                (at(1, 0) - 2 * phi(xs) + at(-1, 0)) / h**2
                if i == j
                else (at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)) / (4 * h * k)
            )
    return table


def rounded(x):
    """The nearest double; differences of rounding are cut to 0 far below the least one."""
    return 0.0 if abs(x) < mpf(10) ** -330 else as_json(float(x))


def as_json(x):
    return x if math.isfinite(x) else ("NaN" if math.isnan(x) else "Infinity" if x > 0 else "-Infinity")


def pointwise_case(name, f, xs, tail, options=None):
    exact = [mpf(x) for x in xs]
    phi = lambda moved: f(*moved)
    case = {
        "f": name.split("/")[0],
        "x": list(xs),
        "y": rounded(phi(exact)),
        "d": [rounded(d) for d in gradient(phi, exact)],
        "dd": [[rounded(d) for d in row] for row in hessian(phi, exact)],
    }
    return with_flags(case, tail, options)


def with_flags(case, tail, options):
    if options:
        case["options"] = options
    if tail:
        case["tail"] = True
    return case


def array_case(name, f, xs, tail, options):
    exact = [mpf(x) for x in xs]
    y = f(exact)
    seed = [1.0, -0.5, 0.75, 2.0, 0.25][: len(y)]
    along = [1.0, 0.5, -0.25, 0.125, -2.0][: len(xs)]
    phi = lambda moved: sum(mpf(g) * v for g, v in zip(seed, f(moved)))
    table = hessian(phi, exact)
    case = {
        "f": name.split("/")[0],
        "x": list(xs),
        "y": [rounded(v) for v in y] if name in ("softmax", "logSoftmax", "cumsum") else rounded(y[0]),
        "g": seed if name in ("softmax", "logSoftmax", "cumsum") else seed[0],
        "vjp": [rounded(d) for d in gradient(phi, exact)],
        "u": along,
        "hvp": [rounded(sum(h * mpf(u) for h, u in zip(row, along))) for row in table],
        # The size of the terms that add up to each entry of hvp: what cancels in them cannot be asked back.
        "hvpScale": [rounded(max(abs(h * mpf(u)) for h, u in zip(row, along))) for row in table],
    }
    return with_flags(case, tail, options)


def power_case(x, n):
    phi = lambda moved: moved[0] ** int(n)
    exact = [mpf(x)]
    return {
        "f": "pow",
        "x": [x, n],
        "y": rounded(phi(exact)),
        "d": [rounded(gradient(phi, exact)[0])],
        "dd": [[rounded(hessian(phi, exact)[0][0])]],
        **({"tail": True} if abs(x) > 1e9 or abs(x) < 1e-9 else {}),
    }


def main():
    pointwise, arrays = [], []
    for name, (f, ordinary, tails, options) in UNARY.items():
        for tail, points in ((False, ordinary), (True, tails)):
            pointwise += [pointwise_case(name, f, [x], tail, options) for x in points]
    for name, (f, ordinary, tails) in BINARY.items():
        for tail, points in ((False, ordinary), (True, tails)):
            pointwise += [pointwise_case(name, f, pair, tail) for pair in points]
    pointwise += [power_case(*pair) for pair in POWERS]
    for name, (f, options, tails) in REDUCTIONS.items():
        for tail, points in ((False, VECTORS), (True, tails)):
            arrays += [array_case(name, f, xs, tail, options) for xs in points if (name, len(xs)) not in SKIPPED]
    lines = [json.dumps(case) for case in pointwise], [json.dumps(case) for case in arrays]
    text = '{\n"pointwise": [\n' + ",\n".join(lines[0]) + '\n],\n"arrays": [\n' + ",\n".join(lines[1]) + "\n]\n}\n"
    pathlib.Path(__file__).with_name("golden.json").write_text(text)


main()
