package projections

import (
	"fmt"
	"slices"
	"strings"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/reward"
	"github.com/probity-ledger/probity/domain/sanction"
	"github.com/probity-ledger/probity/projections/query"
)

// hrView is a view in schema hr. Columns that are claimed hold what a reader of
// role HR over all units is given, by the same conditions.
type hrView struct {
	name, comment string
	columns       []hrColumn
	from          string
}

// hrColumn is a column: how it is computed, and what it is in English and
// Chinese.
type hrColumn struct{ name, as, comment string }

// hrScope is who the views speak to.
var hrScope = scope{who: Principal{Role: domain.RoleHR, Units: []domain.UnitID{AllUnits}}, everywhere: true, limits: new(limits)}

// hrWhere is a condition of the scope, as a WHERE clause.
func hrWhere(c query.Cond) string {
	sql, err := query.Literally(c)
	if err != nil {
		panic("projections: the views of HR: " + err.Error()) // any test finds it
	}
	return query.C(sql).Where()
}

// hrDay reads a day as it is stored, or as it stands in an event.
func hrDay(text string) string {
	return "CASE WHEN (" + text + `) COLLATE "C" >= '0001' THEN CAST(` + text + " AS date) END"
}

// hrTime reads microseconds since 1970.
func hrTime(micros string) string {
	return "TIMESTAMPTZ '1970-01-01 00:00:00+00' + " + micros + " * INTERVAL '1 microsecond'"
}

// hrEvent reads the id of an event e.
const hrEvent = "CASE WHEN octet_length(e.id) = 16 THEN encode(e.id, 'hex')::uuid::text ELSE convert_from(substr(e.id, 17), 'UTF8') END"

// hrEvents are the events e of these kinds k on the own streams of officers o,
// with their data d. U+0000 is no text in PostgreSQL.
func hrEvents(events ...domain.Event) string {
	var kinds []string
	for _, e := range events {
		kinds = append(kinds, query.Quote(string(e.Kind())))
	}
	return fmt.Sprintf("officers o JOIN refs r ON r.name = o.id AND r.type = %s JOIN touches t ON t.ref = r.id "+
		"JOIN events e ON e.position = t.position AND e.subject = r.id JOIN words k ON k.id = e.kind AND k.word IN (%s) "+
		`CROSS JOIN LATERAL (SELECT CAST(replace(convert_from(e.data, 'UTF8'), '\u0000', '\ufffd') AS jsonb) AS d) j`,
		query.Quote(officer.Room.Name), strings.Join(kinds, ", "))
}

func kindIs(events ...domain.Event) string {
	var kinds []string
	for _, e := range events {
		kinds = append(kinds, query.Quote(string(e.Kind())))
	}
	return "k.word IN (" + strings.Join(kinds, ", ") + ")"
}

// hrSource tells of the event behind a row.
func hrSource(a string) []hrColumn {
	return []hrColumn{
		{"occurred", a + ".occurred", "when it happened 发生时间"},
		{"recorded", a + ".recorded", "when it was recorded 登记时间"},
		{"event_id", a + ".event_id", "the event behind it 事件编号"},
	}
}

const hrSourceOf = hrEvent + " AS event_id, "

func hrTimes() string {
	return hrSourceOf + hrTime("e.occurred") + " AS occurred, " + hrTime("e.recorded") + " AS recorded"
}

var officerOf = []hrColumn{
	{"officer", "o.id", "the officer's id 人员编号"},
	{"name", "o.name", "name 姓名"},
}

// hrViews are all views, in the order in which they are made. today is the
// expression that tells the day.
func hrViews(today string) []hrView {
	return []hrView{hrSanction(today), hrReward(), hrAppraisal(), hrCertificate(today), hrPosting(), hrTimeline(), hrPersonnel()}
}

func hrSanction(today string) hrView {
	return hrView{"sanction", "Sanctions from their decision on; a proposed one is not shown 惩戒（决定之后）",
		slices.Concat([]hrColumn{{"sanction", "x.id", "the sanction's id 惩戒编号"}}, []hrColumn{
			{"officer", "x.officer", "the officer's id 人员编号"},
			{"name", "o.name", "name 姓名"},
			{"measure", "x.measure", "measure, a code of the rulebook 惩戒种类"},
			{"label", "x.label", "the source's own word of an imported measure 原始名称"},
			{"status", "x.status", "imposed, released, overturned or imported 状态"},
			{"months", "x.months", "length in months; 0 for none 期限（月）"},
			{"effect_from", hrDay("x.effect_from"), "first day in force 生效日"},
			{"effect_until", hrDay("x.effect_until"), "last day in force; empty where it has none 届满日"},
			{"for_good", "x.for_good", "it does not end 长期有效"},
			{"in_force", "x.status IN (" + query.Quote(string(sanction.StatusImposed)) + ", " + query.Quote(string(sanction.StatusImported)) + `) AND x.effect_from COLLATE "C" >= '0001' AND ` +
				hrDay("x.effect_from") + " <= " + today + " AND (x.for_good OR coalesce(" + hrDay("x.effect_until") + " >= " + today + ", false))",
				"in force today, or on the day that hr.day is set to 是否在处分期内"},
			{"decided_on", hrDay("x.decided_on"), "day of the decision 决定日"},
			{"served_on", hrDay("x.served_on"), "day of service 送达日"},
			{"executed", "x.executed", "changes by HR were made 是否已执行"},
			{"deed_on", hrDay("x.deed_on"), "day of the conduct 行为日"},
			{"rulebook", "x.under_rulebook", "rulebook under which it was taken 适用规则"},
			{"rulebook_version", "x.under_version", "its version 规则版本"},
			{"imported", "x.imported", "old history, not decided here 历史导入"},
		}),
		"sanctions x LEFT JOIN officers o ON o.id = x.officer" + hrWhere(hrScope.sanction("x"))}
}

func hrReward() hrView {
	return hrView{"reward", "Rewards of officers and of units 奖励", []hrColumn{
		{"reward", "x.id", "the reward's id 奖励编号"},
		{"officer", "nullif(x.officer, '')", "the officer's id; empty where a unit is honoured 人员编号"},
		{"name", "o.name", "name 姓名"},
		{"unit", "nullif(x.unit, '')", "the unit's id, where a unit is honoured 单位编号"},
		{"honour", "x.honour", "honour 荣誉"},
		{"merit", "x.merit", "merit 事迹"},
		{"status", "x.status", "stage: nominated to granted, refused or revoked 状态"},
		{"granted_on", hrDay("x.granted_on"), "day of the grant 授予日"},
		{"imported", "x.imported", "old history, not decided here 历史导入"},
	}, "rewards x LEFT JOIN officers o ON o.id = x.officer" + hrWhere(hrScope.reward("x"))}
}

func hrAppraisal() hrView {
	columns := slices.Concat([]hrColumn{
		{"officer", "a.officer", "the officer's id 人员编号"},
		{"name", "a.name", "name 姓名"},
		{"year", "a.year", "year appraised 考核年度"},
		{"grade", "a.grade", "annual grade, corrections worked in 考核等次"},
		{"corrected", "a.corrected", "the grade was corrected 是否更正"},
	}, hrSource("a"))
	return hrView{"appraisal", "Annual appraisals, one row for each officer and year 年度考核", columns,
		"(SELECT DISTINCT ON (g.officer, g.year) g.* FROM (SELECT o.id AS officer, o.name, CAST(j.d ->> 'year' AS int) AS year, j.d ->> 'grade' AS grade, " +
			kindIs(officer.AppraisalCorrected{}) + " AS corrected, e.position, " + hrTimes() + " FROM " + hrEvents(officer.Appraised{}, officer.AppraisalCorrected{}) +
			") g ORDER BY g.officer, g.year, g.position DESC) a"}
}

func hrCertificate(today string) hrView {
	own := "c.number = c.of"
	last := func(kinds string) string {
		return "(array_agg(c.word ORDER BY c.position DESC) FILTER (WHERE " + own + " AND " + kinds + "))[1]"
	}
	issued, renewed := officer.CertificateIssued{}, officer.CertificateRenewed{}
	held, restored, revoked := officer.CertificateSuspended{}, officer.CertificateRestored{}, officer.CertificateRevoked{}
	word := func(e domain.Event) string { return query.Quote(string(e.Kind())) }
	return hrView{"certificate", "Enforcement certificates, one row for each that was issued 执法证", slices.Concat([]hrColumn{
		{"officer", "a.officer", "the officer's id 人员编号"},
		{"name", "a.name", "name 姓名"},
		{"number", "a.number", "number 证号"},
		{"valid_from", hrDay("a.valid_from"), "first day of validity 有效期起"},
		{"valid_to", hrDay("a.valid_to"), "last day of validity 有效期止"},
		{"status", "a.status", "valid, suspended or revoked; a valid one may have run out 状态"},
		{"usable", "a.status = " + query.Quote(string(officer.CertificateValid)) + " AND coalesce(" + today + " BETWEEN " + hrDay("a.valid_from") + " AND " + hrDay("a.valid_to") + ", false)",
			"valid and not run out today, or on the day that hr.day is set to 当日是否有效"},
	}, hrSource("a")),
		"(SELECT c.officer, c.name, c.of AS number, (array_agg(c.valid_from ORDER BY c.position))[1] AS valid_from, " +
			"(array_agg(c.valid_to ORDER BY c.position DESC) FILTER (WHERE " + own + " AND c.word IN (" + word(issued) + ", " + word(renewed) + ")))[1] AS valid_to, " +
			"CASE WHEN bool_or(" + own + " AND c.word = " + word(revoked) + ") THEN " + query.Quote(string(officer.CertificateWithdrawn)) +
			" WHEN " + last("c.word IN ("+word(held)+", "+word(restored)+")") + " = " + word(held) + " THEN " + query.Quote(string(officer.CertificateHeld)) +
			" ELSE " + query.Quote(string(officer.CertificateValid)) + " END AS status, " +
			"(array_agg(c.event_id ORDER BY c.position DESC))[1] AS event_id, (array_agg(c.occurred ORDER BY c.position DESC))[1] AS occurred, (array_agg(c.recorded ORDER BY c.position DESC))[1] AS recorded " +
			"FROM (SELECT n.*, first_value(n.number) OVER (PARTITION BY n.officer, n.nth ORDER BY n.position) AS of FROM (" +
			"SELECT o.id AS officer, o.name, k.word, e.position, j.d ->> 'number' AS number, j.d ->> 'validFrom' AS valid_from, j.d ->> 'validTo' AS valid_to, " +
			"count(*) FILTER (WHERE " + kindIs(issued) + ") OVER (PARTITION BY o.id ORDER BY e.position) AS nth, " + hrTimes() +
			" FROM " + hrEvents(issued, renewed, held, restored, revoked) + ") n WHERE n.nth > 0) c GROUP BY c.officer, c.name, c.nth, c.of) a"}
}

func hrPosting() hrView {
	taken := kindIs(officer.Appointed{}, officer.Rotated{})
	return hrView{"posting", "Stays in posts, one row for each appointment or rotation 任职经历", slices.Concat([]hrColumn{
		{"officer", "a.officer", "the officer's id 人员编号"},
		{"name", "a.name", "name 姓名"},
		{"post", "a.post", "the post's id 岗位编号"},
		{"post_name", "p.name", "name of the post today 岗位名称"},
		{"unit", "a.unit", "the unit's id 单位编号"},
		{"unit_name", "u.name", "name of the unit today 单位名称"},
		{"leader", "a.leader", "in the leadership 是否领导职务"},
		{"high_risk", "a.high_risk", "a post of high risk 是否高风险岗位"},
		{"held_from", hrDay("a.held_from"), "first day in the post 任职日"},
		{"held_to", hrDay("a.held_to"), "first day out of it; empty while it is held 离任日"},
		{"deferred_until", hrDay("a.deferred"), "how long rotation was put off, if it was 轮岗暂缓至"},
	}, hrSource("a")),
		"(SELECT g.*, coalesce(g.separated, lead(g.held_from) OVER (PARTITION BY g.officer ORDER BY g.nth)) AS held_to FROM (" +
			"SELECT n.officer, n.name, n.nth, min(n.post) FILTER (WHERE n.taken) AS post, min(n.unit) FILTER (WHERE n.taken) AS unit, " +
			"bool_or(n.leader) FILTER (WHERE n.taken) AS leader, bool_or(n.high_risk) FILTER (WHERE n.taken) AS high_risk, min(n.day) FILTER (WHERE n.taken) AS held_from, " +
			"(array_agg(n.day ORDER BY n.position) FILTER (WHERE n.left))[1] AS separated, (array_agg(n.until ORDER BY n.position DESC) FILTER (WHERE n.until IS NOT NULL))[1] AS deferred, " +
			"min(n.event_id) FILTER (WHERE n.taken) AS event_id, min(n.occurred) FILTER (WHERE n.taken) AS occurred, min(n.recorded) FILTER (WHERE n.taken) AS recorded FROM (" +
			"SELECT o.id AS officer, o.name, e.position, " + taken + " AS taken, " + kindIs(officer.Separated{}) + ` AS "left", ` +
			"CASE WHEN " + kindIs(officer.Rotated{}) + " THEN j.d ->> 'to' WHEN " + taken + " THEN j.d ->> 'post' END AS post, j.d ->> 'unit' AS unit, " +
			"coalesce(CAST(j.d ->> 'leader' AS boolean), false) AS leader, coalesce(CAST(j.d ->> 'highRisk' AS boolean), false) AS high_risk, j.d ->> 'on' AS day, " +
			"CASE WHEN " + kindIs(officer.RotationDeferred{}) + " THEN j.d ->> 'until' END AS until, " +
			"count(*) FILTER (WHERE " + taken + ") OVER (PARTITION BY o.id ORDER BY e.position) AS nth, " + hrTimes() +
			" FROM " + hrEvents(officer.Appointed{}, officer.Rotated{}, officer.RotationDeferred{}, officer.Separated{}) +
			") n WHERE n.nth > 0 GROUP BY n.officer, n.name, n.nth) g) a LEFT JOIN posts p ON p.id = a.post LEFT JOIN units u ON u.id = a.unit"}
}

func hrTimeline() hrView {
	return hrView{"timeline", "What happened to each officer, as far as HR may know of it: no complaint, no case, no open inquiry 人员大事记", slices.Concat(officerOf, []hrColumn{
		{"occurred", hrTime("t.occurred"), "when it happened 发生时间"},
		{"recorded", hrTime("e.recorded"), "when it was recorded 登记时间"},
		{"kind", "k.word", "kind of the event, as in the catalogue 事件种类"},
		{"about", "s.type", "what it is about: officer, sanction, reward… 所涉对象"},
		{"about_id", "s.name", "the id of that 对象编号"},
		{"fields", "string_to_array(f.word, ',')", "the fields of the event that name the officer 涉及字段"},
		{"imported", "e.source IS NOT NULL", "old history, not decided here 历史导入"},
		{"position", "e.position", "place in the ledger 账本位置"},
		{"event_id", hrEvent, "the event's id 事件编号"},
	}),
		"officers o JOIN refs r ON r.name = o.id AND r.type = " + query.Quote(officer.Room.Name) + " JOIN touches t ON t.ref = r.id JOIN events e ON e.position = t.position" +
			" JOIN refs s ON s.id = e.subject JOIN words k ON k.id = e.kind JOIN words f ON f.id = t.fields" + hrWhere(hrScope.event("s", "k"))}
}

func hrPersonnel() hrView {
	count := func(table string, c query.Cond) string {
		return "(SELECT count(*) FROM " + table + " x" + hrWhere(query.And(query.C("x.officer = o.id"), c)) + ")"
	}
	return hrView{"personnel_record", "The personnel record, one row for each officer 人事档案", []hrColumn{
		{"officer", "o.id", "the officer's id 人员编号"},
		{"name", "o.name", "name 姓名"},
		{"latin_name", "o.latin_name", "name in Latin letters 姓名（拉丁字母）"},
		{"staff_number", "o.staff_number", "staff number 工号"},
		{"unit", "nullif(o.unit, '')", "the unit's id 单位编号"},
		{"unit_name", "u.name", "name of the unit 单位名称"},
		{"post", "nullif(o.post, '')", "the post's id 岗位编号"},
		{"post_name", "p.name", "name of the post 岗位名称"},
		{"post_since", hrDay("o.post_since"), "first day in the post 任现职日"},
		{"leader", "o.leader", "in the leadership 是否领导职务"},
		{"rank", "o.rank", "rank 职级"},
		{"status", "o.status", "stage of service: serving, suspended or separated 在职状态"},
		{"enrolled_on", hrDay("o.enrolled_on"), "day of entry 入职日"},
		{"separated_on", hrDay("o.separated_on"), "day of exit 离职日"},
		{"barred", "o.inquiries <> ''", "an open inquiry bars transfer, promotion, reward and retirement; which one is not told 是否因调查受限"},
		{"certificate_number", "nullif(o.certificate_number, '')", "number of the last enforcement certificate 执法证号"},
		{"certificate_status", "nullif(o.certificate_status, '')", "valid, suspended or revoked 执法证状态"},
		{"certificate_until", hrDay("o.certificate_until"), "its last day of validity 执法证有效期止"},
		{"appraisal_year", "g.year", "the last year appraised 最近考核年度"},
		{"appraisal_grade", "g.grade", "its grade 最近考核等次"},
		{"sanctions", count("sanctions", hrScope.sanction("x")), "sanctions on file, from their decision on 惩戒数"},
		{"sanctions_in_force", "(SELECT count(*) FROM hr.sanction i WHERE i.officer = o.id AND i.in_force)", "those in force today, or on the day that hr.day is set to 处分期内惩戒数"},
		{"findings", count("findings", query.And(query.C("NOT x.overturned"), hrScope.finding("x"))), "final findings that stand, whatever their result 认定数"},
		{"rewards", count("rewards", hrScope.reward("x")), "rewards on file, at whatever stage 奖励数"},
		{"rewards_granted", count("rewards", query.And(query.Eq("x.status", reward.StatusGranted), hrScope.reward("x"))), "those granted 已授予奖励数"},
		{"imported", "o.imported", "from old records 历史导入"},
	}, "officers o LEFT JOIN units u ON u.id = o.unit LEFT JOIN posts p ON p.id = o.post" +
		" LEFT JOIN LATERAL (SELECT a.year, a.grade FROM hr.appraisal a WHERE a.officer = o.id ORDER BY a.year DESC LIMIT 1) g ON true" + hrWhere(hrScope.officer("o"))}
}
