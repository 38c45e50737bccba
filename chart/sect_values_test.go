package chart_test

// sunAltitudes are altitudes of the Sun's centre by Swiss Ephemeris 2.10.03 (swe_calc_ut, swe_azalt from the Earth's centre), in degrees.
var sunAltitudes = []struct{ julianDay, latitude, longitude, altitude float64 }{
	{2447907.1458333335, 40.7128, -74.006, 24.330095},
	{2451545.0000000000, 0, 0, 66.953728},
	{2415020.5000000000, 66.5, 25, -43.950752},
	{2460676.7500000000, -33.9, 151.2, 36.599564},
	{2440000.1250000000, 51.5, -0.1, 43.062212},
	{2469000.3750000000, 70, -150, 10.517347},
}
