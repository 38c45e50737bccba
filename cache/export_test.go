package cache

// CleanUp waits until what is too much has gone, which otherwise happens in the background.
func (d *Documents) CleanUp() { d.local.CleanUp() }

// Has tells whether the process keeps a document.
func (d *Documents) Has(hash string) bool {
	_, ok := d.local.GetIfPresent(hash)

	return ok
}
