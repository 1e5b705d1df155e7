package roster

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections/record"
)

// Officers is the table of officers, one row each.
var Officers = table("officers", "干部基本信息", "One row an officer: who they are and where they stand.",
	func(r Row) []*record.File { return []*record.File{r.File} },
	text("officer", "干部编号", "The officer's id in the ledger; never changes.", func(_ Row, f *record.File) string { return string(f.Officer) }),
	text("staff_number", "工号", "The number in the personnel system; may be empty.", func(_ Row, f *record.File) string { return f.Identity.StaffNumber }),
	text("name", "姓名", "Full name, as it is written.", func(_ Row, f *record.File) string { return f.Identity.Name }),
	text("latin_name", "姓名拼音", "The name in Latin letters; may be empty.", func(_ Row, f *record.File) string { return f.Identity.LatinName }),
	text("status", "人员状态", "serving, suspended or separated.", func(_ Row, f *record.File) string { return f.Status }),
	moment("status_since", "状态起始", "When the event that gave the status is said to have occurred.", func(_ Row, f *record.File) any { return known(f.StatusSince.OccurredAt) }),
	text("unit", "所在单位", "The id of the unit.", func(_ Row, f *record.File) string { return string(f.Identity.Unit) }),
	text("rank", "职级", "The present rank; may be empty.", func(_ Row, f *record.File) string { return f.Identity.Rank }),
	text("post", "现任职务", "The id of the post held; empty when none is.", func(_ Row, f *record.File) string { return string(presentPost(f).Post) }),
	day("post_since", "任现职时间", "The first day in that post.", func(_ Row, f *record.File) domain.Date { return presentPost(f).From }),
	flag("leader", "领导职务", "That post leads a unit.", func(_ Row, f *record.File) bool { return presentPost(f).Leader }),
	flag("high_risk", "廉政高风险岗位", "That post is one of high risk.", func(_ Row, f *record.File) bool { return presentPost(f).HighRisk }),
	day("enrolled_on", "入职日期", "The day of entry into the service.", func(_ Row, f *record.File) domain.Date { return f.Identity.EnrolledOn }),
	day("separated_on", "离职日期", "The day of leaving it.", func(_ Row, f *record.File) domain.Date { return f.Identity.SeparatedOn }),
	text("separation_reason", "离职原因", "Empty while in service.", func(_ Row, f *record.File) string { return f.Identity.SeparationReason }),
	text("certificate", "执法证号", "The number of the last enforcement certificate; empty without one.", func(_ Row, f *record.File) string { return lastCertificate(f).Number }),
	text("certificate_status", "执法证状态", "valid, suspended or revoked; a valid one may have run out.", func(_ Row, f *record.File) string { return lastCertificate(f).Status }),
	day("certificate_valid_to", "执法证有效期至", "Its last day.", func(_ Row, f *record.File) domain.Date { return lastCertificate(f).ValidTo }),
	optional(Number, "appraised_year", "最近考核年度", "The last year with a grade; none without one.", func(_ Row, f *record.File) any {
		if n := len(f.Appraisals); n > 0 {
			return int64(f.Appraisals[n-1].Year)
		}
		return nil
	}),
	text("appraised_grade", "最近考核等次", "The grade of that year.", func(_ Row, f *record.File) string {
		if n := len(f.Appraisals); n > 0 {
			return f.Appraisals[n-1].Grade
		}
		return ""
	}),
	optional(Flag, "barred", "受调查限制", "An open inquiry bars transfer, promotion, reward and retirement; none where the reader may not know.", func(_ Row, f *record.File) any {
		if f.Barred == nil {
			return nil
		}
		return *f.Barred
	}),
	flag("imported", "历史导入", "The officer was brought over from older records.", func(_ Row, f *record.File) bool { return f.Identity.Imported }),
	text("version", "版本", "A digest over everything that is told of the officer, in all tables: another one means that something changed.", func(r Row, _ *record.File) string { return r.Version }),
)

// presentPost is the post held now; the zero one when none is.
func presentPost(f *record.File) record.PostHeld {
	if n := len(f.Posts); n > 0 && f.Posts[n-1].To.IsZero() {
		return f.Posts[n-1]
	}
	return record.PostHeld{}
}

func lastCertificate(f *record.File) record.Certificate {
	if n := len(f.Certificates); n > 0 {
		return f.Certificates[n-1]
	}
	return record.Certificate{}
}
