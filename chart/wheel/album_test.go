package wheel

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestAlbum draws the album, to be looked at in the folder that SIDEREAL_WHEEL_ALBUM names; without one it only has to come out.
func TestAlbum(t *testing.T) {
	folder, sizes := os.Getenv("SIDEREAL_WHEEL_ALBUM"), []int{300, 500, 700, 800}
	if folder == "" {
		folder, sizes = t.TempDir(), sizes[:1]
	}

	write := func(name string, p *Picture, err error) {
		var image bytes.Buffer
		if err == nil {
			err = p.WritePNG(&image)
		}

		if err == nil {
			err = os.WriteFile(filepath.Join(folder, name+".png"), image.Bytes(), 0o644)
		}

		if err == nil {
			err = os.WriteFile(filepath.Join(folder, name+".svg"), p.SVG(), 0o644)
		}

		if err != nil {
			t.Fatal(err)
		}
	}

	other := cast(t, birthAt(t, "2024-04-08 18:20", 40.7128, -74.006))

	for i, entry := range album {
		c := cast(t, birthAt(t, entry.when, entry.latitude, entry.longitude))

		for theme := range Theme(ThemeCount) {
			for _, size := range sizes {
				opts := Options{Theme: theme, Size: size, Zodiac: entry.zodiac, System: entry.system}
				p, err := Compose(c, opts)
				write(fmt.Sprintf("%s-%s-%d", entry.name, theme, size), p, err)

				if i%5 == 0 {
					p, err = ComposePair(c, other, opts)
					write(fmt.Sprintf("pair-%s-%s-%d", entry.name, theme, size), p, err)
				}
			}
		}
	}
}
