/* B ← B·A again and again in singles, as gcc vectorises three loops: nanoseconds an operation, and the sum of squares of the last B. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static void product(int n, const float *restrict b, const float *restrict a, float *restrict out) {
  memset(out, 0, sizeof(float) * n * n);
  for (int i = 0; i < n; i++)
    for (int k = 0; k < n; k++)
      for (int j = 0; j < n; j++) out[i * n + j] += b[i * n + k] * a[k * n + j];
}

int main(int count, char **arguments) {
  const int n = count > 1 ? atoi(arguments[1]) : 64, repeats = count > 2 ? atoi(arguments[2]) : 16, rounds = n > 128 ? 3 : 20;
  float *a = malloc(sizeof(float) * n * n), *b = malloc(sizeof(float) * n * n), *c = malloc(sizeof(float) * n * n);
  double best = 1e18, squares = 0;
  for (int i = 0; i < n * n; i++) a[i] = (i * 7919L % 1009 / 1009.0 - 0.5) * (3.4 / sqrt(n));
  for (int round = 0; round < rounds; round++) {
    memcpy(b, a, sizeof(float) * n * n);
    double from = now();
    for (int k = 0; k < repeats; k++) {
      product(n, b, a, c);
      float *swapped = b;
      b = c;
      c = swapped;
    }
    double took = (now() - from) / (repeats * 2.0 * n * n * n);
    if (took < best) best = took;
  }
  for (int i = 0; i < n * n; i++) squares += (double)b[i] * b[i];
  printf("{\"time\": %.6f, \"checksum\": %.17g}\n", best, squares);
  return 0;
}
