import { mergeConfig } from 'vite';

import playground from './vite.config.js';

// The page of live events is built by itself, beside the playground, so that neither's files change with the other.
export default mergeConfig(playground, {
  build: { emptyOutDir: false, rollupOptions: { input: { live: 'live/index.html' } } },
});
