package presence

// Guests returns how many accounts and networks are remembered.
func (a *Admission) Guests() int {
	a.mu.Lock()
	defer a.mu.Unlock()

	return len(a.each)
}

// Watches returns how many connections are watched.
func (w *Watcher) Watches() int {
	w.mu.Lock()
	defer w.mu.Unlock()

	return len(w.watches)
}
