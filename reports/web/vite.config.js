// One script and one style sheet, whatever is imported: the program writes both into the page (reports/render/html).
import { defineConfig } from "vite";

export default defineConfig({
  build: {
    outDir: process.env.PREMORTEM_WEB_OUT ?? "dist",
    emptyOutDir: true,
    target: "es2022",
    // Nested rules are written out: they are younger than the browsers that read reports.
    cssTarget: ["chrome105", "firefox110", "safari16"],
    cssCodeSplit: false,
    assetsInlineLimit: 0,
    rollupOptions: {
      input: "src/main.ts",
      output: { format: "iife", entryFileNames: "report.js", assetFileNames: "report[extname]", inlineDynamicImports: true },
    },
  },
});
