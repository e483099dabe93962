import { defineConfig } from "vitest/config";

const report = process.env.CADENA_TEST_REPORT;

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    ...(report ? { reporters: ["default", "json"], outputFile: { json: report } } : {}),
  },
});
