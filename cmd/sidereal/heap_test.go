package main

import "testing"

func TestHeapGrowsToTheFloorAndThenDoubles(t *testing.T) {
	h := &heap{floor: 64 * megabyte}

	for live, want := range map[int64]int64{
		0: 1000, 1 * megabyte: 1000, 8 * megabyte: 700, 16 * megabyte: 300, 32 * megabyte: 100, 64 * megabyte: 100, 1000 * megabyte: 100,
	} {
		if got := h.wanted(live); got != want {
			t.Errorf("%d live bytes: want %d %%, got %d", live, want, got)
		}
	}
}

func TestMemorySettingsFitTheMachine(t *testing.T) {
	for memory, want := range map[int64]int64{0: leastFloor, 256 * megabyte: leastFloor, 512 * megabyte: 32 * megabyte, 16_000 * megabyte: mostFloor} {
		if got := floorOf(memory); got != want {
			t.Errorf("floor with %d bytes: want %d, got %d", memory, want, got)
		}
	}

	if got := limitOf(500 * megabyte); got != 450*megabyte {
		t.Errorf("limit in a container of 500 MB: want 450 MB, got %d", got)
	}

	if got := memoryOr(0, 5); got != 5 {
		t.Errorf("memory without a container: want that of the machine, got %d", got)
	}

	if got := memoryOr(3, 5); got != 3 {
		t.Errorf("memory of a container: want its own, got %d", got)
	}
}

func TestMemorySettingsAreRead(t *testing.T) {
	c, err := readConfig([]string{"SIDEREAL_HEAP_FLOOR=256MB", "SIDEREAL_MEMORY_LIMIT=0"})
	if err != nil {
		t.Fatal(err)
	}

	if want := (memoryConfig{Floor: 256 * megabyte}); c.Memory != want {
		t.Errorf("want %+v, got %+v", want, c.Memory)
	}

	for _, bad := range []string{"256", "-1MB", "MB", "1GB", "much"} {
		if _, err := readConfig([]string{"SIDEREAL_HEAP_FLOOR=" + bad}); err == nil {
			t.Errorf("%s: want an error, got none", bad)
		}
	}
}
