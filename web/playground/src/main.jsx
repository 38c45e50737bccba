import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './style.css';

import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';

import { createFetcher } from './fetcher.js';
import { tabs } from './tabs.js';

const path = document.querySelector('meta[name="graphql-path"]').content;

// GraphiQL shows the variables of the first default tab only when they are given once more; later visits have what they left.
const firstVisit = localStorage.getItem('graphiql:tabState') === null;

createRoot(document.getElementById('playground')).render(
  <GraphiQL
    fetcher={createFetcher(path)}
    defaultTabs={tabs}
    initialVariables={firstVisit ? tabs[0].variables : undefined}
    defaultEditorToolsVisibility="variables"
  >
    <GraphiQL.Logo>Sidereal</GraphiQL.Logo>
  </GraphiQL>,
);
