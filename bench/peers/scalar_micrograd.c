/* micrograd's demo, 2-16-16-1 on 100 points, in C point by point, forward and back, as the graph of numbers computes it: argument a
   or b; prints microseconds a step and the loss of step 500. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define N 100
static double x[N][2], y[N];
/* Each neuron's weights lie in a row; w and dw are alike. */
typedef struct {
  double w0[16][2], b0[16], w1[16][16], b1[16], w2[16], b2;
} Weights;
static Weights p, g;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static void start(void) {
  int k = 0;
  memset(&p, 0, sizeof p);
  for (int i = 0; i < 2; i++)
    for (int j = 0; j < 16; j++, k++) p.w0[j][i] = ((k * 7919) % 1000) / 1000.0 - 0.4995;
  for (int i = 0; i < 16; i++)
    for (int j = 0; j < 16; j++, k++) p.w1[j][i] = ((k * 7919) % 1000) / 1000.0 - 0.4995;
  for (int i = 0; i < 16; i++, k++) p.w2[i] = ((k * 7919) % 1000) / 1000.0 - 0.4995;
  for (int i = 0; i < N; i++) {
    x[i][0] = ((i * 37) % 100) / 50.0 - 1;
    x[i][1] = ((i * 61) % 100) / 50.0 - 1;
    y[i] = x[i][0] * x[i][1] > 0 ? 1 : -1;
  }
}

/* Loss of one point; its gradients are added to g. */
static inline __attribute__((always_inline)) double point(const double *in, double target, int tanhs) {
  double a0[16], a1[16], d0[16] = {0}, d1[16], loss, d;
  for (int j = 0; j < 16; j++) {
    double z = p.b0[j] + p.w0[j][0] * in[0] + p.w0[j][1] * in[1];
    a0[j] = tanhs ? tanh(z) : z > 0 ? z : 0;
  }
  for (int j = 0; j < 16; j++) {
    double z = p.b1[j];
    for (int i = 0; i < 16; i++) z += p.w1[j][i] * a0[i];
    a1[j] = tanhs ? tanh(z) : z > 0 ? z : 0;
  }
  double s = p.b2;
  for (int j = 0; j < 16; j++) s += p.w2[j] * a1[j];
  if (tanhs) {
    s = tanh(s);
    loss = (s - target) * (s - target) / N;
    d = 2 * (s - target) / N * (1 - s * s);
  } else {
    double margin = 1 - target * s;
    loss = margin > 0 ? margin / N : 0;
    d = margin > 0 ? -target / N : 0;
  }
  g.b2 += d;
  for (int j = 0; j < 16; j++) {
    g.w2[j] += d * a1[j];
    d1[j] = d * p.w2[j] * (tanhs ? 1 - a1[j] * a1[j] : a1[j] > 0);
    g.b1[j] += d1[j];
  }
  for (int j = 0; j < 16; j++)
    for (int i = 0; i < 16; i++) {
      g.w1[j][i] += d1[j] * a0[i];
      d0[i] += d1[j] * p.w1[j][i];
    }
  for (int i = 0; i < 16; i++) {
    d0[i] *= tanhs ? 1 - a0[i] * a0[i] : a0[i] > 0;
    g.b0[i] += d0[i];
    g.w0[i][0] += d0[i] * in[0];
    g.w0[i][1] += d0[i] * in[1];
  }
  return loss;
}

static inline __attribute__((always_inline)) double step(int tanhs) {
  double loss = 0, *w = (double *)&p, *dw = (double *)&g;
  memset(&g, 0, sizeof g);
  for (int k = 0; k < N; k++) loss += point(x[k], y[k], tanhs);
  for (int i = 0; i < (int)(sizeof p / sizeof(double)); i++) {
    if (!tanhs) loss += 1e-4 * w[i] * w[i], dw[i] += 2e-4 * w[i];
    w[i] -= 0.05 * dw[i];
  }
  return loss;
}

static __attribute__((noinline)) double stepA(void) { return step(0); }
static __attribute__((noinline)) double stepB(void) { return step(1); }

int main(int argc, char **argv) {
  int tanhs = argc > 1 && argv[1][0] == 'b';
  double best = 1e9, loss = 0;
  for (int round = 0; round < 10; round++) {
    start();
    double from = now();
    for (int k = 0; k < 500; k++) loss = tanhs ? stepB() : stepA();
    double took = (now() - from) / 500;
    if (took < best) best = took;
  }
  printf("{\"time\": %.6f, \"checksum\": %.17g}\n", best, loss);
  return 0;
}
