package live

import "context"

// After returns the cursor that a subscription resumes behind: the one given; nil for none.
func After(_ context.Context, given *string) *string { return given }
