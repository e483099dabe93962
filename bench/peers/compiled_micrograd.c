/* micrograd's demo, 2-16-16-1 on 100 points, in C layer by layer over all points, so that gcc vectorises over the neurons: argument a or
   b; prints microseconds a step and the loss of step 500. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define N 100
static double x[N][2], y[N];
static double w0[2][16], w1[16][16], w2[16], b0[16], b1[16], b2;
static double z0[N][16], z1[N][16], a0[N][16], a1[N][16], d0[N][16], d1[N][16], d2[N];

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static void start(void) {
  int k = 0;
  for (int i = 0; i < 2; i++)
    for (int j = 0; j < 16; j++, k++) w0[i][j] = ((k * 7919) % 1000) / 1000.0 - 0.4995;
  for (int i = 0; i < 16; i++)
    for (int j = 0; j < 16; j++, k++) w1[i][j] = ((k * 7919) % 1000) / 1000.0 - 0.4995;
  for (int i = 0; i < 16; i++, k++) w2[i] = ((k * 7919) % 1000) / 1000.0 - 0.4995;
  memset(b0, 0, sizeof b0), memset(b1, 0, sizeof b1), b2 = 0;
  for (int i = 0; i < N; i++) {
    x[i][0] = ((i * 37) % 100) / 50.0 - 1;
    x[i][1] = ((i * 61) % 100) / 50.0 - 1;
    y[i] = x[i][0] * x[i][1] > 0 ? 1 : -1;
  }
}

static inline __attribute__((always_inline)) double step(int tanhs) {
  double loss = 0, dw0[2][16] = {{0}}, dw1[16][16] = {{0}}, dw2[16] = {0}, db0[16] = {0}, db1[16] = {0}, db2 = 0;
  for (int p = 0; p < N; p++)
    for (int j = 0; j < 16; j++) z0[p][j] = b0[j] + x[p][0] * w0[0][j] + x[p][1] * w0[1][j];
  for (int p = 0; p < N; p++)
    for (int j = 0; j < 16; j++) a0[p][j] = tanhs ? tanh(z0[p][j]) : z0[p][j] > 0 ? z0[p][j] : 0;
  for (int p = 0; p < N; p++) {
    double s[16];
    for (int j = 0; j < 16; j++) s[j] = b1[j];
    for (int i = 0; i < 16; i++)
      for (int j = 0; j < 16; j++) s[j] += a0[p][i] * w1[i][j];
    for (int j = 0; j < 16; j++) z1[p][j] = s[j];
  }
  for (int p = 0; p < N; p++)
    for (int j = 0; j < 16; j++) a1[p][j] = tanhs ? tanh(z1[p][j]) : z1[p][j] > 0 ? z1[p][j] : 0;
  double score[N];
  for (int p = 0; p < N; p++) {
    double s = b2;
    for (int j = 0; j < 16; j++) s += a1[p][j] * w2[j];
    score[p] = s;
  }
  for (int p = 0; p < N; p++) {
    if (tanhs) {
      double s = tanh(score[p]), e = s - y[p];
      loss += e * e / N;
      d2[p] = 2 * e / N * (1 - s * s);
    } else {
      double margin = 1 - y[p] * score[p];
      loss += margin > 0 ? margin / N : 0;
      d2[p] = margin > 0 ? -y[p] / N : 0;
    }
    db2 += d2[p];
  }
  for (int p = 0; p < N; p++)
    for (int j = 0; j < 16; j++) {
      dw2[j] += a1[p][j] * d2[p];
      d1[p][j] = d2[p] * w2[j] * (tanhs ? 1 - a1[p][j] * a1[p][j] : z1[p][j] > 0 ? 1 : 0);
      db1[j] += d1[p][j];
    }
  for (int p = 0; p < N; p++)
    for (int i = 0; i < 16; i++)
      for (int j = 0; j < 16; j++) dw1[i][j] += a0[p][i] * d1[p][j];
  double t1[16][16];
  for (int i = 0; i < 16; i++)
    for (int j = 0; j < 16; j++) t1[j][i] = w1[i][j];
  for (int p = 0; p < N; p++) {
    double s[16] = {0};
    for (int j = 0; j < 16; j++)
      for (int i = 0; i < 16; i++) s[i] += d1[p][j] * t1[j][i];
    for (int i = 0; i < 16; i++) {
      d0[p][i] = s[i] * (tanhs ? 1 - a0[p][i] * a0[p][i] : z0[p][i] > 0 ? 1 : 0);
      db0[i] += d0[p][i];
      dw0[0][i] += x[p][0] * d0[p][i];
      dw0[1][i] += x[p][1] * d0[p][i];
    }
  }
  const double decay = tanhs ? 0 : 1e-4;
  double squares = b2 * b2;
#define UPDATE(w, d, n) for (int i = 0; i < n; i++) squares += w[i] * w[i], w[i] -= 0.05 * (d[i] + 2 * decay * w[i]);
  UPDATE((&w0[0][0]), (&dw0[0][0]), 32)
  UPDATE(b0, db0, 16)
  UPDATE((&w1[0][0]), (&dw1[0][0]), 256)
  UPDATE(b1, db1, 16)
  UPDATE(w2, dw2, 16)
  b2 -= 0.05 * (db2 + 2 * decay * b2);
  return loss + decay * squares;
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
