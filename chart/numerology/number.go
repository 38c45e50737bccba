// Package numerology counts birth dates and names by the Pythagorean method.
//
// Digits are summed until one is left, save that the master numbers 11, 22 and 33 stand wherever the summing meets them.
package numerology

import "strconv"

// Number is a reduced number: 1 to 9, or one of the master numbers 11, 22 and 33.
type Number int

// Master says whether the number is 11, 22 or 33.
func (n Number) Master() bool { return n == 11 || n == 22 || n == 33 }

// Root returns the number reduced to one digit: 2 for 11, 4 for 22, 6 for 33, and any other as it is.
func (n Number) Root() int {
	if n.Master() {
		return int(n) / 11 * 2
	}

	return int(n)
}

// String writes the number as numerologists do: 7, and 11/2, 22/4, 33/6.
func (n Number) String() string {
	if n.Master() {
		return strconv.Itoa(int(n)) + "/" + strconv.Itoa(n.Root())
	}

	return strconv.Itoa(int(n))
}

// LifePath returns the number of a date of birth: all digits of year, month and day together. The date must be a date by the calendar.
func LifePath(year, month, day int) Number {
	return reduce(digitSum(year) + digitSum(month) + digitSum(day))
}

// DayNumber returns the number of the day of the month. The 11th and the 22nd are master numbers as they stand, the 29th is 11 by its digits.
func DayNumber(day int) Number { return reduce(day) }

// reduce sums digits until one is left or a master number is met.
func reduce(n int) Number {
	for n > 9 && !Number(n).Master() {
		n = digitSum(n)
	}

	return Number(n)
}

func digitSum(n int) int {
	sum := 0
	for n = max(n, -n); n > 0; n /= 10 {
		sum += n % 10
	}

	return sum
}
