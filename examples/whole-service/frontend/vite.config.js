import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [tailwindcss()],
  build: {
    rolldownOptions: {
      input: "src/main.js",
      // Write names without hashes, because collectstatic adds hashes. The
      // templates can then use {% static %} and need no manifest from Vite.
      output: { entryFileNames: "[name].js", assetFileNames: "[name][extname]" },
    },
  },
});
