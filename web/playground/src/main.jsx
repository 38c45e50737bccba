import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './style.css';

import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';

import { createFetcher } from './fetcher.js';
import { tabs } from './tabs.js';

const path = document.querySelector('meta[name="graphql-path"]').content;

createRoot(document.getElementById('playground')).render(
  <GraphiQL fetcher={createFetcher(path)} defaultTabs={tabs} defaultEditorToolsVisibility="variables">
    <GraphiQL.Logo>Sidereal</GraphiQL.Logo>
  </GraphiQL>,
);
