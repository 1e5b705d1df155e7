package alerts

import (
	"fmt"

	"github.com/probity-ledger/probity/domain/activity"
	"github.com/probity-ledger/probity/domain/enforcement"
)

// chineseOf are the words for the values that explanations name, as the
// console has them.
var chineseOf = map[string]string{
	string(enforcement.KindApproval):   "行政许可",
	string(enforcement.KindLevy):       "征收",
	string(enforcement.KindPenalty):    "行政处罚",
	string(enforcement.KindInspection): "行政检查",
	string(enforcement.KindTrade):      "公共资源交易",

	string(activity.KindWarningEducation):   "警示教育",
	string(activity.KindDiligenceEducation): "勤政教育",

	string(activity.FormatVisit):       "参观",
	string(activity.FormatTalkByJudge): "法官讲课",
	string(activity.FormatFilm):        "观看影片",
	string(activity.FormatOwnPlay):     "自编情景剧",
	string(activity.FormatLecture):     "讲座",
	string(activity.FormatSeminar):     "研讨",
	string(activity.FormatExhibition):  "展览",
	string(activity.FormatOnline):      "在线学习",
	string(activity.FormatCaseStudy):   "案例剖析",
	string(activity.FormatOther):       "其他",

	"excellent":           "优秀",
	"competent":           "称职",
	"basically_competent": "基本称职",
	"incompetent":         "不称职",
}

// inChinese is the word for a value; what has none stays as it is.
func inChinese(value string) string {
	if word := chineseOf[value]; word != "" {
		return word
	}
	return value
}

// yuanChinese writes an amount of fen.
func yuanChinese(fen int64) string {
	if fen%100 == 0 {
		return fmt.Sprintf("%d元", fen/100)
	}
	return fmt.Sprintf("%d.%02d元", fen/100, fen%100)
}
