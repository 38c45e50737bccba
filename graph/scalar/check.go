package scalar

// Checks returns what tells whether a value is of a scalar's form, by the scalars' names.
func Checks() map[string]func(value any) error {
	return map[string]func(value any) error{
		"Date":      check(UnmarshalDate),
		"LocalTime": check(UnmarshalLocalTime),
		"DateTime":  check(UnmarshalDateTime),
		"ChartHash": check(UnmarshalChartHash),
		"Cursor":    check(text),
	}
}

func check[T any](unmarshal func(v any) (T, error)) func(v any) error {
	return func(v any) error {
		_, err := unmarshal(v)

		return err
	}
}
