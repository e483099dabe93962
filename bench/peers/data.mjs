// The data of the workloads, by formulas that every language repeats exactly.
export const steps = 50;

const weight = (k, scale) => (((k * 7919) % 1000) / 1000 - 0.4995) * scale;
const matrix = (n, m, scale, from) =>
  Array.from({ length: n }, (_, i) => Array.from({ length: m }, (_, j) => weight(from + i * m + j, scale)));
const zeros = (m) => [new Array(m).fill(0)];

export const batch = {
  x: Array.from({ length: 64 }, (_, i) => Array.from({ length: 784 }, (_, j) => ((i * 37 + j * 61 + i * j) % 100) / 100)),
  oneHot: Array.from({ length: 64 }, (_, i) => Array.from({ length: 10 }, (_, j) => (i % 10 === j ? 1 : 0))),
};

export const mnistParameters = () => [matrix(784, 128, 0.1, 0), zeros(128), matrix(128, 10, 0.1, 784 * 128), zeros(10)];

// np.random.seed(42): randn(2, 3), randn(3, 1)
export const documentParameters = () => [
  [[0.4967141530112327, -0.13826430117118466, 0.6476885381006925], [1.5230298564080254, -0.23415337472333597, -0.23413695694918055]],
  zeros(3),
  [[1.5792128155073915], [0.7674347291529088], [-0.4694743859349521]],
  zeros(1),
]; // prettier-ignore
