import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

const sdk = fileURLToPath(new URL('./sdk/src/index.ts', import.meta.url));

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'sdk', root: './sdk', include: ['test/**/*.test.ts'], environment: 'node' } },
      {
        plugins: [vue()],
        resolve: { alias: { '@sailfish/sdk': sdk } },
        test: { name: 'app', root: './app', include: ['test/**/*.test.ts'], environment: 'happy-dom' },
      },
    ],
  },
});
