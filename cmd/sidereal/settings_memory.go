package main

import (
	"errors"
	"strconv"
	"strings"
)

// memoryConfig is how the garbage collector is set.
type memoryConfig struct {
	Floor int64 // bytes; 0 for none
	Limit int64 // bytes; 0 for none
}

const automatic = "auto"

// memorySettings are the rows of the table for memory.
var memorySettings = []setting{
	{"HEAP_FLOOR", automatic, "size that the heap may grow to before it is collected, such as 256MB; more is faster, 0 collects as Go does by itself, and auto " +
		"is a sixteenth of the memory, 24MB to 40MB; GOGC goes before", func(c *config, v string) (err error) {
		if v == automatic {
			c.Memory.Floor = floorOf(memoryOr(containerMemory(), machineMemory()))

			return nil
		}

		c.Memory.Floor, err = megabytes(v)

		return err
	}},
	{"MEMORY_LIMIT", automatic, "soft limit of the memory, such as 400MB, near which the heap is collected more often; 0 is none, and auto is nine tenths of what " +
		"the container may have; GOMEMLIMIT goes before", func(c *config, v string) (err error) {
		if v == automatic {
			c.Memory.Limit = limitOf(containerMemory())

			return nil
		}

		c.Memory.Limit, err = megabytes(v)

		return err
	}},
}

// memoryOr returns the smaller of two sizes, of which 0 is unknown.
func memoryOr(container, machine int64) int64 {
	if container == 0 || machine == 0 {
		return max(container, machine)
	}

	return min(container, machine)
}

// megabytes reads a size of the form 256MB, or 0.
func megabytes(v string) (int64, error) {
	number, hasUnit := strings.CutSuffix(v, "MB")
	n, err := strconv.ParseInt(number, 10, 64)

	if err != nil || n < 0 || n > 1<<30 || !hasUnit && n != 0 {
		return 0, errors.New("must be auto, 0 or a size in megabytes such as 256MB")
	}

	return n * megabyte, nil
}
