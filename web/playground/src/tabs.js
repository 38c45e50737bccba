import calculateChart from './documents/calculateChart.graphql?raw';
import calculateChartVariables from './documents/calculateChart.json?raw';
import charts from './documents/charts.graphql?raw';
import operationsSnapshots from './documents/operationsSnapshots.graphql?raw';

// tabs are what a first visitor sees.
export const tabs = [
  { query: calculateChart, variables: calculateChartVariables },
  { query: charts },
  { query: operationsSnapshots, headers: '{\n  "Authorization": "Bearer PUT-THE-TOKEN-HERE"\n}\n' },
];
