package compose_test

import (
	"errors"
	"testing"

	"sidereal/fault"
	"sidereal/internal/casttest"
	"sidereal/reading"
	"sidereal/reading/compose"
	"sidereal/reading/library"
)

func TestTextsAreReadOnceAndWhenTheyAreNeeded(t *testing.T) {
	caster, _ := casttest.Open(t)
	natal := cast(t, births(1)[0])
	reads := 0
	c := compose.NewOnDemand(func() (*library.Library, error) { reads++; return library.Load() }, caster)

	if reads != 0 {
		t.Error("they are read though nobody needs them")
	}

	for range 2 {
		plan, err := c.Plan(natal, reading.Options{})
		if err != nil || len(plan.Sections()) == 0 || c.Version() == "" {
			t.Errorf("want a plan and a version, got %v, %q", err, c.Version())
		}
	}

	if reads != 1 {
		t.Errorf("want them read once, not %d times", reads)
	}
}

func TestTextsThatCannotBeReadAreAFault(t *testing.T) {
	broken := errors.New("broken")
	c := compose.NewOnDemand(func() (*library.Library, error) { return nil, broken }, nil)

	if _, err := c.Plan(nil, reading.Options{}); fault.CodeOf(err) != fault.Internal || !errors.Is(err, broken) {
		t.Errorf("want an INTERNAL fault of what is wrong, got %v", err)
	}
}
