import calculateChart from './documents/calculateChart.graphql?raw';
import calculateChartVariables from './documents/calculateChart.json?raw';
import famousPeople from './documents/famousPeople.graphql?raw';
import operationsSnapshots from './documents/operationsSnapshots.graphql?raw';

// tabs are what a first visitor sees.
export const tabs = [
  { query: calculateChart, variables: calculateChartVariables },
  { query: famousPeople },
  { query: operationsSnapshots, headers: '{\n  "Authorization": "Bearer PUT-THE-TOKEN-HERE"\n}\n' },
];
