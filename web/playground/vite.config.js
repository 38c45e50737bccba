import { defineConfig } from 'vite';

export default defineConfig({
  base: '/playground/',
  build: {
    assetsInlineLimit: 0, // nothing as a data: address, for the sake of a strict content security policy
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 8192,
    reportCompressedSize: false,
  },
  esbuild: { jsx: 'automatic', legalComments: 'none' }, // the licences are listed in a file of their own
  worker: { format: 'es' },
});
