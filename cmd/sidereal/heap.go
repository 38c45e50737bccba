package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
)

// Sizes of memory, in bytes.
const (
	megabyte = 1_000_000

	leastFloor = 24 * megabyte
	mostFloor  = 40 * megabyte // with which the process stays under 100 MB
)

// heap keeps Go's garbage collector from running for next to nothing: by itself it runs whenever the heap has doubled, which a process with 15 MB of live objects
// has after a dozen large answers. A floor lets the heap grow to a size first. Above it, all is as Go does it. There is one for the process.
type heap struct {
	floor   int64 // bytes
	percent atomic.Int64
	ended   atomic.Bool
	before  int   // the percent that the process had
	limit   int64 // and its soft limit
}

// The percents between two collections, as GOGC means them.
const (
	usualPercent = 100
	mostPercent  = 1000
)

// tuneHeap sets the collector to the configuration, unless the environment tells Go itself what to do (GOGC, GOMEMLIMIT), and returns what ends that.
func tuneHeap(c memoryConfig, environment []string) (end func()) {
	given := func(name string) bool {
		return slices.ContainsFunc(environment, func(e string) bool { return strings.HasPrefix(e, name+"=") && e != name+"=" })
	}

	h := &heap{floor: c.Floor, limit: debug.SetMemoryLimit(-1), before: debug.SetGCPercent(usualPercent)} // what was there before

	if c.Limit > 0 && !given("GOMEMLIMIT") {
		debug.SetMemoryLimit(c.Limit)
	}

	if c.Floor == 0 || given("GOGC") {
		debug.SetGCPercent(h.before)
		h.ended.Store(true)
	}

	h.percent.Store(usualPercent)
	h.tune()

	return h.end
}

// tune sets the percent for the live heap there is, and again after the next collection: a new object that nobody holds tells when that was.
func (h *heap) tune() {
	if h.ended.Load() {
		return
	}

	if percent := h.wanted(live()); differs(percent, h.percent.Load()) {
		h.percent.Store(percent)
		debug.SetGCPercent(int(percent))
	}

	runtime.AddCleanup(new(*heap), (*heap).tune, h)
}

// wanted returns the percent at which a heap with live bytes grows to the floor, or doubles.
func (h *heap) wanted(live int64) int64 {
	return max(usualPercent, min(mostPercent, 100*h.floor/max(live, megabyte)-100))
}

// differs says whether a change is worth stopping the world for, which setting it does.
func differs(a, b int64) bool { return a-b > b/10 || b-a > b/10 }

func (h *heap) end() {
	h.ended.Store(true)
	debug.SetGCPercent(h.before)
	debug.SetMemoryLimit(h.limit)
}

// live returns the bytes that the last collection left.
func live() int64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)

	return int64(sample[0].Value.Uint64())
}

// floorOf returns the floor for a machine or container with so much memory.
func floorOf(memory int64) int64 { return max(leastFloor, min(mostFloor, memory/16)) }

// limitOf returns the soft limit for a container: what is left to the rest of it is a tenth; 0 without a container.
func limitOf(container int64) int64 { return container / 10 * 9 }

// containerMemory returns the memory that the control group allows, 0 when it sets no limit (Linux, cgroup v2 and v1).
func containerMemory() int64 {
	const noLimit = 1 << 60 // v1 has a number of about this size for none

	for _, path := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		text, err := os.ReadFile(path)
		if err != nil {
			continue
		}

		if n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil && n < noLimit {
			return n
		}
	}

	return 0
}

// machineMemory returns the memory of the machine, 0 where /proc does not tell.
func machineMemory() int64 {
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0
	}

	rest, _ := strings.CutPrefix(string(text), "MemTotal:")
	fields := strings.Fields(rest)

	if len(fields) == 0 {
		return 0
	}

	kibibytes, _ := strconv.ParseInt(fields[0], 10, 64)

	return kibibytes << 10
}
