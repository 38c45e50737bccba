DROP TABLE saved_chart;
