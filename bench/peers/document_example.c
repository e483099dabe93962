/* The document's network in C: prints milliseconds for 10,000 epochs and the last loss. */
#include <math.h>
#include <stdio.h>
#include <time.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

/* np.random.seed(42): randn(2, 3), randn(3, 1) */
static double W1[2][3] = {{0.4967141530112327, -0.13826430117118466, 0.6476885381006925},
                          {1.5230298564080254, -0.23415337472333597, -0.23413695694918055}};
static double W2[3] = {1.5792128155073915, 0.7674347291529088, -0.4694743859349521};
static double b1[3], b2;
static const double X[4][2] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}}, Y[4] = {0, 1, 1, 1};

static double epoch(void) {
  double dW1[2][3] = {{0}}, db1[3] = {0}, dW2[3] = {0}, db2 = 0, loss = 0;
  for (int i = 0; i < 4; i++) {
    double z1[3], a1[3], z2 = b2;
    for (int j = 0; j < 3; j++) {
      z1[j] = X[i][0] * W1[0][j] + X[i][1] * W1[1][j] + b1[j];
      a1[j] = z1[j] > 0 ? z1[j] : 0;
      z2 += a1[j] * W2[j];
    }
    double a2 = 1 / (1 + exp(-z2)), e = a2 - Y[i], dz2 = e * a2 * (1 - a2);
    loss += 0.5 * e * e;
    db2 += dz2;
    for (int j = 0; j < 3; j++) {
      dW2[j] += a1[j] * dz2;
      double dz1 = z1[j] > 0 ? dz2 * W2[j] : 0;
      db1[j] += dz1;
      dW1[0][j] += X[i][0] * dz1;
      dW1[1][j] += X[i][1] * dz1;
    }
  }
  b2 -= 0.1 * db2;
  for (int j = 0; j < 3; j++) {
    W2[j] -= 0.1 * dW2[j];
    b1[j] -= 0.1 * db1[j];
    W1[0][j] -= 0.1 * dW1[0][j];
    W1[1][j] -= 0.1 * dW1[1][j];
  }
  return loss / 4;
}

int main(void) {
  double start = now(), loss = 0;
  for (int i = 0; i < 10000; i++) loss = epoch();
  printf("{\"time\": %.6f, \"checksum\": %.17g}\n", now() - start, loss);
  return 0;
}
