"""torch on one thread: arguments document, micrograd a|b us|ms, or mnist; prints the time and the last loss."""
import json
import os
import sys
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"
import torch  # noqa: E402

torch.set_num_threads(1)


def tensor(rows, dtype, grad=True):
    return torch.tensor(rows, dtype=dtype, requires_grad=grad)


def document():
    """10,000 epochs in milliseconds."""
    f = torch.float64
    # np.random.seed(42): randn(2, 3), randn(3, 1)
    first = [[0.4967141530112327, -0.13826430117118466, 0.6476885381006925], [1.5230298564080254, -0.23415337472333597, -0.23413695694918055]]
    second = [[1.5792128155073915], [0.7674347291529088], [-0.4694743859349521]]
    p = [tensor(first, f), tensor([[0, 0, 0]], f), tensor(second, f), tensor([[0]], f)]
    X, y = tensor([[0, 0], [0, 1], [1, 0], [1, 1]], f, False), tensor([[0], [1], [1], [1]], f, False)

    def loss():
        return 0.5 * (torch.sigmoid(torch.relu(X @ p[0] + p[1]) @ p[2] + p[3]) - y).square().sum()

    return p, loss, 0.1, 10_000, 0, lambda seconds: seconds * 1e3 * 10_000, 4


def micrograd():
    """A step of the demo from layers."""
    f, tanhs, scale = torch.float64, sys.argv[2] == "b", {"us": 1e6, "ms": 1e3}[sys.argv[3]]
    sizes, p, k = [2, 16, 16, 1], [], 0
    for n, m in zip(sizes, sizes[1:]):
        p.append(tensor([[((k + i * m + j) * 7919 % 1000) / 1000 - 0.4995 for j in range(m)] for i in range(n)], f))
        p.append(tensor([[0] * m], f))
        k += n * m
    x = [[(i * 37 % 100) / 50 - 1, (i * 61 % 100) / 50 - 1] for i in range(100)]
    X, y = tensor(x, f, False), tensor([[1 if a * b > 0 else -1] for a, b in x], f, False)

    def loss():
        a = X
        for layer in range(3):
            z = a @ p[2 * layer] + p[2 * layer + 1]
            a = torch.tanh(z) if tanhs else torch.relu(z) if layer < 2 else z
        if tanhs:
            return (a - y).square().mean()
        return torch.relu(1 - y * a).mean() + 1e-4 * sum(w.square().sum() for w in p)

    return p, loss, 0.05, 20, 3, lambda seconds: seconds * scale, 1


def mnist():
    """A step in microseconds."""
    f, weight = torch.float32, lambda k: ((k * 7919 % 1000) / 1000 - 0.4995) * 0.1
    matrix = lambda n, m, begin: tensor([[weight(begin + i * m + j) for j in range(m)] for i in range(n)], f)
    p = [matrix(784, 128, 0), tensor([[0] * 128], f), matrix(128, 10, 784 * 128), tensor([[0] * 10], f)]
    X = tensor([[(i * 37 + j * 61 + i * j) % 100 / 100 for j in range(784)] for i in range(64)], f, False)
    y = tensor([[1 if i % 10 == j else 0 for j in range(10)] for i in range(64)], f, False)

    def loss():
        return -(torch.log_softmax(torch.relu(X @ p[0] + p[1]) @ p[2] + p[3], 1) * y).sum() / 64

    return p, loss, 0.1, 50, 3, lambda seconds: seconds * 1e6, 1


def train(parameters, loss_of, rate, steps):
    """Steps of gradient descent; the last loss."""
    for _ in range(steps):
        loss = loss_of()
        loss.backward()
        with torch.no_grad():
            for w in parameters:
                w -= rate * w.grad
                w.grad = None
    return loss.item()


parameters, loss_of, rate, steps, warm, scaled, divide = {"document": document, "micrograd": micrograd, "mnist": mnist}[sys.argv[1]]()
start = [w.detach().clone() for w in parameters]
for k in range(warm + 1):
    with torch.no_grad():
        for w, first in zip(parameters, start):
            w.copy_(first)
    begin = time.perf_counter()
    checksum = train(parameters, loss_of, rate, steps)
    seconds = (time.perf_counter() - begin) / steps
print(json.dumps({"time": scaled(seconds), "checksum": checksum / divide}))
