package peopletest

import "testing"

func TestMemoryPassesTheStoreSuite(t *testing.T) {
	TestStore(t, func(*testing.T) Opened {
		m := new(Memory)

		return Opened{Store: m, Close: m.Close}
	})
}
