package domaintest

import (
	"math"
	"reflect"
	"time"

	"pgregory.net/rapid"

	"github.com/probity-ledger/probity/domain"
)

// The values that Odd draws from: some that fit together, and some that only
// a mistake would bring.
var (
	oddTexts = []string{"", "X1", "P1", "P2", "U1", "L1", "1", "no id", notText, "sha256:", "2024-02-29", "initial", "upheld", "overturned", "varied"}
	oddInts  = []int64{0, 1, 2, 7, 100, -1, math.MaxInt32, math.MaxInt64, math.MinInt64}
	oddDates = []domain.Date{{}, {Year: 2024, Month: 2, Day: 29}, {Year: 2023, Month: 12, Day: 31}, {Year: 9999, Month: 12, Day: 31}, {Year: 1, Month: 1, Day: 1}, {Year: -5, Month: 13, Day: 40}}
	oddTimes = []time.Time{{}, Now, Now.AddDate(1, 0, 0), time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)}
)

// OddEvent draws an event of the kind with zero, likely and absurd values.
func OddEvent(t *rapid.T, e *domain.EventType) domain.Event {
	ptr := e.New()
	odd(t, reflect.ValueOf(ptr).Elem())
	return e.Value(ptr)
}

// OddCommand draws a command of the type likewise.
func OddCommand(t *rapid.T, c *domain.CommandType) domain.Command {
	ptr := c.New()
	odd(t, reflect.ValueOf(ptr).Elem())
	return c.Value(ptr)
}

// OddAct draws who did it, in any role, at some time.
func OddAct(t *rapid.T) domain.Act {
	at := rapid.SampledFrom(oddTimes).Draw(t, "at")
	return domain.Act{
		Subject: rapid.SampledFrom([]string{"X1", "P1"}).Draw(t, "subject"), OccurredAt: at, RecordedAt: at, Rulebook: "cn-2024",
		Actor: domain.ActorID(rapid.SampledFrom(oddTexts).Draw(t, "actor")), Role: rapid.SampledFrom(domain.Roles()).Draw(t, "role"),
	}
}

// odd fills the value.
func odd(t *rapid.T, v reflect.Value) {
	switch {
	case v.Type() == reflect.TypeFor[domain.Date]():
		v.Set(reflect.ValueOf(rapid.SampledFrom(oddDates).Draw(t, "date")))
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(rapid.SampledFrom(oddTimes).Draw(t, "time")))
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			odd(t, v.Field(i))
		}
	case v.Kind() == reflect.Slice:
		n := rapid.IntRange(0, 3).Draw(t, "length")
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			odd(t, v.Index(i))
		}
	case v.Kind() == reflect.String:
		v.SetString(rapid.SampledFrom(oddTexts).Draw(t, "text"))
	case v.Kind() == reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, "yes"))
	case v.CanInt():
		n := rapid.SampledFrom(oddInts).Draw(t, "number")
		if v.OverflowInt(n) {
			n = -1
		}
		v.SetInt(n)
	case v.CanUint():
		v.SetUint(uint64(rapid.IntRange(0, 200).Draw(t, "number")))
	}
}
