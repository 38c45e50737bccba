/*
 * Charts a second of Swiss Ephemeris, for the comparison that main.go makes; it is compiled against Debian's libswe-dev when the comparison
 * is run, and is no part of the product.
 *
 * Reads lines "COUNT SEED" from standard input; computes that many full charts (17 bodies with speeds, Placidus) at instants of a xorshift
 * generator, and answers "NANOSECONDS CHECKSUM" on standard output.
 */
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <swephexp.h>

static const int bodies[] = {SE_SUN, SE_MOON, SE_MERCURY, SE_VENUS, SE_MARS, SE_JUPITER, SE_SATURN, SE_URANUS, SE_NEPTUNE, SE_PLUTO,
    SE_CHIRON, SE_TRUE_NODE, SE_MEAN_APOG, SE_CERES, SE_PALLAS, SE_JUNO, SE_VESTA};

int main(int argc, char **argv)
{
	long count;
	unsigned long long seed;

	swe_set_ephe_path(argc > 1 ? argv[1] : "/usr/share/libswe/ephe");

	while (scanf("%ld %llu", &count, &seed) == 2) {
		struct timespec from, to;
		char err[AS_MAXCH];
		double x[6], cusps[13], points[10], sum = 0;
		uint64_t s = seed;
		long i;
		size_t k;

		clock_gettime(CLOCK_MONOTONIC, &from);
		for (i = 0; i < count; i++) {
			double jd;
			s ^= s << 13;
			s ^= s >> 7;
			s ^= s << 17;
			jd = 2415020.5 + (double)(s % 4000000) / 100.0;
			for (k = 0; k < sizeof bodies / sizeof bodies[0]; k++) {
				int got = swe_calc_ut(jd, bodies[k], SEFLG_SWIEPH | SEFLG_SPEED, x, err);
				if (got < 0 || !(got & SEFLG_SWIEPH)) {
					fprintf(stderr, "swisseph: body %d at %.2f: %s\n", bodies[k], jd, err);
					return 1;
				}
				sum += x[0];
			}
			swe_houses(jd, 48.0, 11.0, 'P', cusps, points);
			for (k = 1; k <= 12; k++)
				sum += cusps[k];
		}
		clock_gettime(CLOCK_MONOTONIC, &to);
		printf("%lld %.6f\n", (to.tv_sec - from.tv_sec) * 1000000000LL + (to.tv_nsec - from.tv_nsec), sum);
		fflush(stdout);
	}
	return 0;
}
