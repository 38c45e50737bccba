/*
 * Answers questions about the Swiss Ephemeris data files, for the fitting program beside it and for nothing else: it is compiled against
 * Debian's libswe-dev when the data are fitted, and is no part of the product.
 *
 * Question on standard input:  int32 quantity, int32 count, then count doubles (Julian days).
 * Answer on standard output:   three doubles for each of them (unused ones are zero).
 * All in the byte order of the machine. Anything unexpected, a position from another source than the data files above all, ends the program
 * with a message and exit code 1.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <swephexp.h>

/* quantities 0 to 14: vectors in the ICRF, AU, by Julian day TT; barycentric, but the Moon geocentric */
static const int vectors[] = {SE_EARTH, SE_MOON, SE_SUN, SE_MERCURY, SE_VENUS, SE_MARS, SE_JUPITER, SE_SATURN,
    SE_URANUS, SE_NEPTUNE, SE_PLUTO, SE_CHIRON, SE_CERES, SE_PALLAS, SE_JUNO, SE_VESTA};
#define VECTORS ((int)(sizeof vectors / sizeof vectors[0]))

/* the others, by number */
enum {
	DELTA_T = 100, /* seconds, by Julian day UT */
	MEAN_NODE,     /* degrees from the mean equinox, by Julian day TT */
	MEAN_APOGEE,   /* longitude and latitude, degrees from the mean equinox, by Julian day TT */
	SIDEREAL_TIME, /* Greenwich apparent, degrees, by Julian day UT */
	AYANAMSA       /* AYANAMSA + mode: degrees without nutation, by Julian day TT */
};

static void fail(const char *what, double t, const char *why)
{
	fprintf(stderr, "sampler: %s at %.6f: %s\n", what, t, why);
	exit(1);
}

static void calc(double t, int body, int flags, double *out)
{
	char err[AS_MAXCH] = "";
	int got = swe_calc(t, body, flags | SEFLG_SWIEPH, out, err);
	if (got < 0 || !(got & SEFLG_SWIEPH))
		fail("position", t, err);
}

static void answer(int quantity, double t, double out[3])
{
	char err[AS_MAXCH] = "";
	double x[6] = {0};

	if (quantity >= 0 && quantity < VECTORS) {
		int body = vectors[quantity];
		calc(t, body, (body == SE_MOON ? 0 : SEFLG_BARYCTR) | SEFLG_TRUEPOS | SEFLG_NOABERR | SEFLG_NOGDEFL | SEFLG_J2000 |
		    SEFLG_NONUT | SEFLG_ICRS | SEFLG_XYZ | SEFLG_EQUATORIAL, x);
	} else if (quantity == DELTA_T) {
		x[0] = swe_deltat_ex(t, SEFLG_SWIEPH, err) * 86400;
	} else if (quantity == MEAN_NODE) {
		calc(t, SE_MEAN_NODE, SEFLG_NONUT, x);
	} else if (quantity == MEAN_APOGEE) {
		calc(t, SE_MEAN_APOG, SEFLG_NONUT, x);
	} else if (quantity == SIDEREAL_TIME) {
		x[0] = swe_sidtime(t) * 15;
	} else if (quantity >= AYANAMSA) {
		swe_set_sid_mode(quantity - AYANAMSA, 0, 0);
		if (swe_get_ayanamsa_ex(t, SEFLG_SWIEPH | SEFLG_NONUT, x, err) < 0)
			fail("ayanamsa", t, err);
	} else {
		fail("quantity", quantity, "unknown");
	}
	memcpy(out, x, 3 * sizeof *out);
}

int main(int argc, char **argv)
{
	int32_t head[2];
	double dummy[6];
	int i;

	if (argc != 2)
		fail("usage", 0, "sampler FOLDER");
	swe_set_ephe_path(argv[1]);
	/* Open the files in the middle of their range: the library then reads them to their very ends. */
	for (i = 0; i < VECTORS; i++)
		calc(2488069.0, vectors[i], SEFLG_TRUEPOS | (vectors[i] == SE_EARTH ? SEFLG_BARYCTR : 0), dummy);

	while (fread(head, sizeof head, 1, stdin) == 1) {
		double *t = malloc(sizeof(double) * 4 * (size_t)head[1]), *out;
		if (!t || fread(t, sizeof *t, (size_t)head[1], stdin) != (size_t)head[1])
			fail("input", head[1], "short");
		out = t + head[1];
		for (i = 0; i < head[1]; i++)
			answer(head[0], t[i], out + 3 * i);
		if (fwrite(out, 3 * sizeof *out, (size_t)head[1], stdout) != (size_t)head[1])
			fail("output", head[1], "short");
		fflush(stdout);
		free(t);
	}
	return 0;
}
