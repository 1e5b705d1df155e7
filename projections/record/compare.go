package record

import (
	"reflect"
	"strconv"

	"github.com/probity-ledger/probity/domain"
)

// Section is a part of a record file.
type Section string

// The sections of a record file.
const (
	SectionIdentity     Section = "identity"
	SectionStatus       Section = "status"
	SectionBarred       Section = "barred"
	SectionPosts        Section = "posts"
	SectionRanks        Section = "ranks"
	SectionSuspensions  Section = "suspensions"
	SectionCertificates Section = "certificates"
	SectionTraining     Section = "training"
	SectionCourses      Section = "courses"
	SectionAppraisals   Section = "appraisals"
	SectionIndicators   Section = "indicators"
	SectionInterests    Section = "interests"
	SectionRestrictions Section = "restrictions"
	SectionInquiries    Section = "inquiries"
	SectionSanctions    Section = "sanctions"
	SectionRewards      Section = "rewards"
	SectionFindings     Section = "findings"
	SectionComplaints   Section = "complaints"
	SectionReadings     Section = "readings"
)

// Difference is what became of an entry between two files.
type Difference string

// The differences.
const (
	Added   Difference = "added"
	Removed Difference = "removed"
	Changed Difference = "changed"
)

// Change is one entry that differs between two files of one officer.
type Change struct {
	Section    Section
	Difference Difference
	// Key tells the entry from others of its section: the id of a sanction, the
	// number of a certificate, a year, or the event behind it.
	Key string
	// Event is the one behind the entry as it stands later; for one that was
	// removed, as it stood. Empty for the hours of a year and for whether the
	// officer is barred.
	Event domain.EventID
}

// Compare tells which entries were added, removed or changed from one file of
// an officer to another, section by section and in the order of the files.
// What may have changed on its own with the day, such as whether a sanction is
// in force, counts as well.
func Compare(before, after *File) []Change {
	var out []Change
	if before.Identity != after.Identity {
		out = append(out, Change{SectionIdentity, Changed, string(after.Officer), after.Identity.Event})
	}
	if before.Status != after.Status {
		out = append(out, Change{SectionStatus, Changed, after.Status, after.StatusSince.Event})
	}
	if before.Barred != nil && after.Barred != nil && *before.Barred != *after.Barred {
		out = append(out, Change{SectionBarred, Changed, strconv.FormatBool(*after.Barred), ""})
	}
	out = append(out, compare(SectionPosts, before.Posts, after.Posts, func(x *PostHeld) (string, domain.EventID) { return string(x.Event), x.Event })...)
	out = append(out, compare(SectionRanks, before.Ranks, after.Ranks, func(x *RankHeld) (string, domain.EventID) { return string(x.Event), x.Event })...)
	out = append(out, compare(SectionSuspensions, before.Suspensions, after.Suspensions, func(x *Suspension) (string, domain.EventID) { return string(x.Event), x.Event })...)
	out = append(out, compare(SectionCertificates, before.Certificates, after.Certificates, func(x *Certificate) (string, domain.EventID) { return x.Number, x.Event })...)
	out = append(out, compare(SectionTraining, before.Training, after.Training, func(x *TrainingYear) (string, domain.EventID) { return strconv.Itoa(x.Year), "" })...)
	out = append(out, compare(SectionCourses, before.Courses, after.Courses, func(x *Course) (string, domain.EventID) { return string(x.Event), x.Event })...)
	out = append(out, compare(SectionAppraisals, before.Appraisals, after.Appraisals, func(x *Appraisal) (string, domain.EventID) { return strconv.Itoa(x.Year), x.Event })...)
	out = append(out, compare(SectionIndicators, before.Indicators, after.Indicators, func(x *YearIndicators) (string, domain.EventID) { return strconv.Itoa(x.Year), x.Event })...)
	out = append(out, compare(SectionInterests, before.Interests, after.Interests, func(x *Interest) (string, domain.EventID) { return string(x.Event), x.Event })...)
	out = append(out, compare(SectionRestrictions, before.Restrictions, after.Restrictions, func(x *Restriction) (string, domain.EventID) { return string(x.Sanction), x.Event })...)
	out = append(out, compare(SectionInquiries, before.Inquiries, after.Inquiries, func(x *Inquiry) (string, domain.EventID) { return string(x.Case), x.Event })...)
	out = append(out, compare(SectionSanctions, before.Sanctions, after.Sanctions, func(x *Sanction) (string, domain.EventID) { return string(x.ID), x.Event })...)
	out = append(out, compare(SectionRewards, before.Rewards, after.Rewards, func(x *Reward) (string, domain.EventID) { return string(x.ID), x.Event })...)
	out = append(out, compare(SectionFindings, before.Findings, after.Findings, func(x *Finding) (string, domain.EventID) { return x.ID, x.Event })...)
	out = append(out, compare(SectionComplaints, before.Complaints, after.Complaints, func(x *Complaint) (string, domain.EventID) { return string(x.ID), x.Event })...)
	return append(out, compare(SectionReadings, before.Readings, after.Readings, func(x *Reading) (string, domain.EventID) { return string(x.Event), x.Event })...)
}

// compare compares one section: first what was removed or changed, in the
// order before, then what was added.
func compare[T any](section Section, before, after []T, name func(*T) (string, domain.EventID)) []Change {
	var out []Change
	later := named(after, name)
	for key, i := range ordered(before, name) {
		_, event := name(&before[i])
		j, stays := later[key]
		switch {
		case !stays:
			out = append(out, Change{section, Removed, plain(key), event})
		case !reflect.DeepEqual(before[i], after[j]):
			_, event := name(&after[j])
			out = append(out, Change{section, Changed, plain(key), event})
		}
	}
	earlier := named(before, name)
	for key, i := range ordered(after, name) {
		if _, was := earlier[key]; !was {
			_, event := name(&after[i])
			out = append(out, Change{section, Added, plain(key), event})
		}
	}
	return out
}

// entryKey is a key and how often it came before: old records may repeat one.
type entryKey struct {
	key  string
	more int
}

func plain(k entryKey) string { return k.key }

func named[T any](list []T, name func(*T) (string, domain.EventID)) map[entryKey]int {
	out := make(map[entryKey]int, len(list))
	for key, i := range ordered(list, name) {
		out[key] = i
	}
	return out
}

// ordered yields the key and the place of each entry, in their order.
func ordered[T any](list []T, name func(*T) (string, domain.EventID)) func(func(entryKey, int) bool) {
	return func(yield func(entryKey, int) bool) {
		met := map[string]int{}
		for i := range list {
			key, _ := name(&list[i])
			if !yield(entryKey{key, met[key]}, i) {
				return
			}
			met[key]++
		}
	}
}
