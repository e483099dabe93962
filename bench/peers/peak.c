/* How fast multiplications and additions of four singles can go when nothing else is done: nanoseconds an operation. */
#include <stdio.h>
#include <time.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

/* Ones multiplied and zeros added; no result waits for another. */
#define PAIR(a, b) "vmulps %%xmm14, %%xmm14, %%xmm" #a "\n vaddps %%xmm15, %%xmm15, %%xmm" #b "\n"
#define ROUND PAIR(0, 7) PAIR(1, 8) PAIR(2, 9) PAIR(3, 10) PAIR(4, 11) PAIR(5, 12) PAIR(6, 13)

int main(void) {
  const float ones[4] = {1, 1, 1, 1};
  double best = 1e18;
  for (int round = 0; round < 20; round++) {
    long left = 500000;
    double from = now();
    __asm__ volatile("vmovups %1, %%xmm14\n vxorps %%xmm15, %%xmm15, %%xmm15\n"
                     "1:\n" ROUND ROUND ROUND ROUND "dec %0\n jnz 1b\n"
                     : "+r"(left)
                     : "m"(ones)
                     : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11",
                       "xmm12", "xmm13", "xmm14", "xmm15");
    double took = (now() - from) / (500000.0 * 4 * 14 * 4);
    if (took < best) best = took;
  }
  printf("{\"time\": %.6f, \"checksum\": 1}\n", best);
  return 0;
}
