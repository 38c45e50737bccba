package reading_test

import (
	"encoding/json"
	"testing"

	"sidereal/reading"
)

func TestCheckpointsNameTheirSections(t *testing.T) {
	text, err := json.Marshal(reading.State{Planned: []reading.SectionKind{reading.Overview, reading.Synthesis}})
	if err != nil {
		t.Fatal(err)
	}

	if want := `{"planned":["overview","synthesis"],"done":0,"engine":0,"usage":{}}`; string(text) != want {
		t.Errorf("want %s, got %s", want, text)
	}

	var back reading.State
	if err := json.Unmarshal(text, &back); err != nil || len(back.Planned) != 2 || back.Planned[1] != reading.Synthesis {
		t.Errorf("want the same sections back, got %v, %v", back.Planned, err)
	}

	if err := json.Unmarshal([]byte(`{"planned":["weather"]}`), &back); err == nil {
		t.Error("a section that there is not should be an error")
	}
}
