/* micrograd's demo, 2-16-16-1 on 100 points, in C: arguments a or b, us or ms; prints the time of a step and the last loss. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define POINTS 100
static const int sizes[4] = {2, 16, 16, 1};
static double x[POINTS][2], y[POINTS];
static double w[3][16][16], b[3][16], dw[3][16][16], db[3][16];

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static void start(void) {
  int k = 0;
  memset(b, 0, sizeof b);
  for (int l = 0; l < 3; l++)
    for (int i = 0; i < sizes[l]; i++)
      for (int j = 0; j < sizes[l + 1]; j++, k++) w[l][i][j] = ((k * 7919) % 1000) / 1000.0 - 0.4995;
  for (int i = 0; i < POINTS; i++) {
    x[i][0] = ((i * 37) % 100) / 50.0 - 1;
    x[i][1] = ((i * 61) % 100) / 50.0 - 1;
    y[i] = x[i][0] * x[i][1] > 0 ? 1 : -1;
  }
}

static double step(int tanhs) {
  double loss = 0;
  memset(dw, 0, sizeof dw);
  memset(db, 0, sizeof db);
  for (int p = 0; p < POINTS; p++) {
    double a[4][16], g[16], next[16];
    for (int i = 0; i < 2; i++) a[0][i] = x[p][i];
    for (int l = 0; l < 3; l++) {
      int n = sizes[l], m = sizes[l + 1];
      double z[16];
      for (int j = 0; j < m; j++) z[j] = b[l][j];
      for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++) z[j] += a[l][i] * w[l][i][j];
      for (int j = 0; j < m; j++) a[l + 1][j] = tanhs ? tanh(z[j]) : l < 2 ? (z[j] > 0 ? z[j] : 0) : z[j];
    }
    double s = a[3][0];
    if (tanhs) {
      loss += (s - y[p]) * (s - y[p]) / POINTS;
      g[0] = 2 * (s - y[p]) / POINTS;
    } else {
      double margin = 1 - y[p] * s;
      loss += margin > 0 ? margin / POINTS : 0;
      g[0] = margin > 0 ? -y[p] / POINTS : 0;
    }
    for (int l = 2; l >= 0; l--) {
      int n = sizes[l], m = sizes[l + 1];
      for (int j = 0; j < m; j++) g[j] *= tanhs ? 1 - a[l + 1][j] * a[l + 1][j] : l < 2 ? a[l + 1][j] > 0 : 1;
      for (int j = 0; j < m; j++) db[l][j] += g[j];
      for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int j = 0; j < m; j++) {
          dw[l][i][j] += a[l][i] * g[j];
          sum += w[l][i][j] * g[j];
        }
        next[i] = sum;
      }
      memcpy(g, next, sizeof g);
    }
  }
  for (int l = 0; l < 3; l++)
    for (int j = 0; j < sizes[l + 1]; j++) {
      if (!tanhs) {
        loss += 1e-4 * b[l][j] * b[l][j];
        db[l][j] += 2e-4 * b[l][j];
      }
      b[l][j] -= 0.05 * db[l][j];
      for (int i = 0; i < sizes[l]; i++) {
        if (!tanhs) {
          loss += 1e-4 * w[l][i][j] * w[l][i][j];
          dw[l][i][j] += 2e-4 * w[l][i][j];
        }
        w[l][i][j] -= 0.05 * dw[l][i][j];
      }
    }
  return loss;
}

int main(int argc, char **argv) {
  int tanhs = argc > 1 && argv[1][0] == 'b';
  double scale = argc > 2 && argv[2][0] == 'u' ? 1e3 : 1, best = 0, loss = 0;
  for (int round = 0; round < 20; round++) {
    start();
    double from = now();
    for (int k = 0; k < 20; k++) loss = step(tanhs);
    double took = (now() - from) / 20;
    if (round == 0 || took < best) best = took;
  }
  printf("{\"time\": %.6f, \"checksum\": %.17g}\n", best * scale, loss);
  return 0;
}
