import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig, type Plugin } from 'vite';

/** Where a Sailfish server listens, for `npm run dev`. */
const server = 'http://127.0.0.1:8080';
const paths = ['/account', '/home', '/living', '/im', '/avatar'];

/** The page's own styles and scripts come last, so that what stands there until then is shown before they are here. */
const splashFirst: Plugin = {
  name: 'splash-first',
  transformIndexHtml: {
    order: 'post',
    handler: (html) => {
      const own = /^.*<(?:script type="module"|link rel="(?:modulepreload|stylesheet)") crossorigin.*\n/gm;
      return html.replace(own, '').replace(/^.*<\/body>/m, `${(html.match(own) ?? []).join('')}$&`);
    },
  },
};

export default defineConfig({
  plugins: [vue(), splashFirst],
  // Wherever a proxy shows it.
  base: './',
  resolve: { alias: { '@sailfish/sdk': fileURLToPath(new URL('../sdk/src/index.ts', import.meta.url)) } },
  // Nothing of the page is written into other files, so that its content security policy can be strict.
  // The largest is the emoji's names, which come when somebody looks for one.
  build: { chunkSizeWarningLimit: 700, target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: {
    proxy: {
      ...Object.fromEntries(paths.map((path) => [path, server])),
      '/ws': { target: server, ws: true },
      '/live': { target: server, ws: true },
    },
  },
});
