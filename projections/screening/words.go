package screening

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
)

// why says why something was not compared, in English and in Chinese.
func (r *run) why(why reason) (string, string) {
	switch why {
	case noExposure:
		return "nothing in these months that could count", "这些月份内没有可计入的案件"
	case noLikes:
		return "no amounts with enough like cases", "没有足够的同类案件金额"
	case alone:
		return "nobody else decides in this stream of the unit", "该单位该业务没有其他经办人员"
	}
	return fmt.Sprintf("fewer than %d peers with cases", r.rules.Peers), fmt.Sprintf("有案件的同类人员少于%d人", r.rules.Peers)
}

// say puts into words what was found: what of a share was usual, by how much
// amounts lie off, how many meetings were to be expected.
func (r *run) say(f *Finding, usual float64) {
	period, periodChinese := fmt.Sprintf("from %s to %s", f.From.Date(), f.To.Date()), fmt.Sprintf("%s至%s", f.From.Date(), f.To.Date())
	whose, whoseChinese := fmt.Sprintf("%s in unit %s by procedure %s", plain(f.Officer), plain(f.Unit), plain(f.Procedure)), fmt.Sprintf("%s在单位%s按程序%s", plain(f.Officer), plain(f.Unit), plain(f.Procedure))
	f.Peers = fmt.Sprintf("%s by the same procedure in the same agency, with %s %s", number(f.PeersOf, "other officer"), figure(f.Cases), f.of)
	f.PeersChinese = fmt.Sprintf("同一机构按同一程序办理的其他%d名人员，共%d件%s", f.PeersOf, f.Cases, f.ofChinese)
	own := float64(f.Hits) / float64(max(f.Of, 1))
	var seen, seenChinese string
	switch f.way {
	case peers:
		f.Baseline = fmt.Sprintf("%s of %s %s, as among peers (%s)", decimal(usual*float64(f.Of)), figure(f.Of), f.of, percent(usual))
		f.BaselineChinese = fmt.Sprintf("%d件%s中约%s件（同类人员%s）", f.Of, f.ofChinese, decimal(usual*float64(f.Of)), percent(usual))
		seen = fmt.Sprintf("Of %s %s of %s %s, %s (%s) %s.", figure(f.Of), f.of, whose, period, figure(f.Hits), percent(own), f.did)
		seenChinese = fmt.Sprintf("%s，%s办理%d件%s，其中%d件（%s）%s。", periodChinese, whoseChinese, f.Of, f.ofChinese, f.Hits, strings.ReplaceAll(percent(own), " ", ""), f.didChinese)
	case change:
		f.Baseline = fmt.Sprintf("%s of %s %s, as was usual for the officer and peers in the %s before what is watched (%s)", decimal(usual*float64(f.Of)), figure(f.Of), f.of, number(r.rules.Learn, "month"), percent(usual))
		f.BaselineChinese = fmt.Sprintf("%d件%s中约%s件（监测期之前%d个月本人及同类人员的通常水平%s）", f.Of, f.ofChinese, decimal(usual*float64(f.Of)), r.rules.Learn, percent(usual))
		seen = fmt.Sprintf("Of %s %s of %s %s, %s (%s) %s; the rise was noticed at the end of %s.", figure(f.Of), f.of, whose, period, figure(f.Hits), percent(own), f.did, f.End)
		seenChinese = fmt.Sprintf("%s，%s办理%d件%s，其中%d件（%s）%s；%s月末察觉上升。", periodChinese, whoseChinese, f.Of, f.ofChinese, f.Hits, strings.ReplaceAll(percent(own), " ", ""), f.didChinese, f.End)
	case amounts:
		f.Peers = fmt.Sprintf("%s by the same procedure in the same agency, with %s amounts", number(f.PeersOf, "other officer"), figure(f.Cases))
		f.PeersChinese = fmt.Sprintf("同一机构按同一程序办理的其他%d名人员，共%d个金额", f.PeersOf, f.Cases)
		f.Baseline, f.BaselineChinese = "on average the mean of like cases (one tier of one benchmark, by one procedure), as far as those of peers are", "平均接近同类案件（同一程序、同一裁量基准同一档次）的均值，偏离程度与同类人员相当"
		side, sideChinese := "above", "高于"
		if usual < 0 {
			side, sideChinese = "below", "低于"
		}
		seen = fmt.Sprintf("The amounts of %s decisions of %s %s lie on average %.2f standard deviations %s the mean of like cases.", figure(f.Of), whose, period, math.Abs(usual), side)
		seenChinese = fmt.Sprintf("%s，%s作出%d件决定，金额平均%s同类案件均值%.2f个标准差。", periodChinese, whoseChinese, f.Of, sideChinese, math.Abs(usual))
	case meetings:
		f.Peers = fmt.Sprintf("%s in the stream %s of unit %s; %s acts in all", number(f.PeersOf, "other officer"), plain(f.Stream), plain(f.Unit), figure(f.Cases))
		f.PeersChinese = fmt.Sprintf("单位%s%s业务的其他%d名人员，共%d件", plain(f.Unit), streamChinese(f.Stream), f.PeersOf, f.Cases)
		f.Baseline = fmt.Sprintf("%s of the %s about the party, if acts were given out by lot", decimal(usual), number(f.Of, "act"))
		f.BaselineChinese = fmt.Sprintf("若随机分案，该对象的%d件中约经办%s件", f.Of, decimal(usual))
		seen = fmt.Sprintf("Of %s (%s) in unit %s about one party %s, %s was on %s.", number(f.Of, "act"), plain(f.Stream), plain(f.Unit), period, plain(f.Officer), figure(f.Hits))
		seenChinese = fmt.Sprintf("%s，单位%s%s业务中涉及同一对象的案件共%d件，%s经办%d件。", periodChinese, plain(f.Unit), streamChinese(f.Stream), f.Of, plain(f.Officer), f.Hits)
	}
	sure, sureChinese := r.sure(f)
	f.Explanation = fmt.Sprintf("%s Expected: %s. Compared with: %s. %s It does not mean %s.", seen, f.Baseline, f.Peers, sure, f.Not)
	f.BaselineChinese = strings.ReplaceAll(f.BaselineChinese, " %", "%")
	f.ExplanationChinese = fmt.Sprintf("%s预期：%s。比较对象：%s。%s这并不意味着%s。", seenChinese, f.BaselineChinese, f.PeersChinese, strings.ReplaceAll(sureChinese, " %", "%"), f.NotChinese)
}

// sure says how sure it is.
func (r *run) sure(f *Finding) (string, string) {
	wrong, wrongChinese := "about "+percent(f.Discovery), "约"+percent(f.Discovery)
	if f.Discovery < 0.0001 {
		wrong, wrongChinese = "less than 0.01 %", "不到0.01 %"
	}
	if f.way == change {
		n := round(1 / f.Tail)
		return fmt.Sprintf("Without any change such a chart alarms once in about %s months; of the changes that this run reports, %s are to be expected false.", figure(n), wrong),
			fmt.Sprintf("若无变化，此类监测约每%d个月误报一次；本次报告的变化中，预计%s为误报。", n, wrongChinese)
	}
	extreme, extremeChinese := "allowing for how peers differ and for chance, so many or more come about", "考虑到同类人员之间的正常差异和偶然因素，如此之多"
	switch f.way {
	case amounts:
		extreme, extremeChinese = "allowing for how peers differ and for chance, a mean so far off, on either side, comes about", "考虑到同类人员之间的正常差异和偶然因素，偏离如此之大（任一方向）"
	case meetings:
		extreme, extremeChinese = "if acts were given out by lot, so many or more, with any of the officer's parties, would come about", "若随机分案，该人员与任一对象如此频繁往来"
	}
	seldom, seldomChinese := "less than once in a trillion comparisons", "在一万亿次比较中不到一次"
	if f.Tail > 1e-12 {
		n := round(1 / f.Tail)
		seldom, seldomChinese = fmt.Sprintf("about once in %s comparisons", figure(n)), fmt.Sprintf("约%d次比较中出现一次", n)
	}
	return fmt.Sprintf("How sure: %s %s; of what this run reports from the gravest down to here, %s is to be expected false.", extreme, seldom, wrong),
		fmt.Sprintf("可靠程度：%s，%s；本次报告从最严重至此项，预计%s为误报。", extremeChinese, seldomChinese, wrongChinese)
}

// round leaves two figures.
func round(x float64) int {
	size := math.Pow(10, max(0, math.Floor(math.Log10(x))-1))
	return int(math.Round(x/size) * size)
}

// figure writes a whole number with commas.
func figure(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func number(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return figure(n) + " " + what + "s"
}

func percent(part float64) string {
	if part < 0.01 {
		return fmt.Sprintf("%.2f %%", 100*part)
	}
	return fmt.Sprintf("%.1f %%", 100*part)
}

func decimal(x float64) string { return fmt.Sprintf("%.1f", x) }

// plain shows an id in a text: as it is where the ledger would take it, cut and
// without what does not show where it would not.
func plain[T ~string](id T) string {
	if domain.CheckID("id", id) == nil {
		return string(id)
	}
	text := strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) || r == unicode.ReplacementChar {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(string(id), "?"))
	if text == "" {
		return "-"
	}
	for len(text) > domain.MaxID {
		runes := []rune(text)
		text = string(runes[:len(runes)*domain.MaxID/len(text)])
	}
	return text
}

// streamChinese names a stream.
func streamChinese(k enforcement.Kind) string {
	switch k {
	case enforcement.KindApproval:
		return "行政许可"
	case enforcement.KindLevy:
		return "行政征收"
	case enforcement.KindPenalty:
		return "行政处罚"
	case enforcement.KindInspection:
		return "行政检查"
	case enforcement.KindTrade:
		return "公共资源交易"
	}
	return plain(k)
}
