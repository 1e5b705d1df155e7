package agency

import (
	"strings"
)

// syllable is a character with its pinyin.
type syllable struct{ zh, latin string }

// pairs reads "王Wang 李Li …".
func pairs(s string) []syllable {
	var out []syllable
	for _, f := range strings.Fields(s) {
		cut := strings.IndexFunc(f, func(r rune) bool { return r < 0x80 })
		out = append(out, syllable{f[:cut], f[cut:]})
	}
	return out
}

var surnames = pairs(`王Wang 李Li 张Zhang 刘Liu 陈Chen 杨Yang 黄Huang 赵Zhao 周Zhou 吴Wu 徐Xu 孙Sun 马Ma 朱Zhu 胡Hu
	郭Guo 何He 林Lin 高Gao 罗Luo 郑Zheng 梁Liang 谢Xie 宋Song 唐Tang 许Xu 邓Deng 韩Han 冯Feng 曹Cao 彭Peng 曾Zeng
	萧Xiao 田Tian 董Dong 潘Pan 袁Yuan 蔡Cai 蒋Jiang 余Yu 于Yu 杜Du 叶Ye 程Cheng 魏Wei 苏Su 吕Lü 丁Ding 任Ren 卢Lu
	姚Yao 沈Shen 钟Zhong 姜Jiang 崔Cui 谭Tan 陆Lu 范Fan 汪Wang 廖Liao 石Shi 金Jin 韦Wei 贾Jia 夏Xia 方Fang 邹Zou
	熊Xiong 白Bai 孟Meng 秦Qin 邱Qiu 侯Hou 江Jiang 尹Yin 薛Xue 闫Yan 段Duan 雷Lei 龙Long 黎Li 史Shi 陶Tao 贺He
	毛Mao 郝Hao 顾Gu 龚Gong 邵Shao 覃Qin 武Wu 钱Qian 戴Dai 严Yan 莫Mo 孔Kong 向Xiang 欧阳Ouyang 司马Sima`)

var givenNames = pairs(`伟wei 芳fang 娜na 敏min 静jing 丽li 强qiang 磊lei 军jun 洋yang 勇yong 艳yan 杰jie 娟juan 涛tao
	明ming 超chao 霞xia 平ping 刚gang 桂gui 英ying 华hua 建jian 国guo 文wen 志zhi 海hai 玉yu 兰lan 梅mei 红hong
	春chun 秀xiu 云yun 峰feng 浩hao 宇yu 轩xuan 梓zi 涵han 欣xin 怡yi 思si 雨yu 嘉jia 诗shi 瑞rui 晨chen 旭xu
	辉hui 鹏peng 飞fei 龙long 庆qing 东dong 南nan 北bei 立li 正zheng 德de 仁ren 义yi 清qing 廉lian 勤qin 政zheng
	晓xiao 小xiao 永yong 长chang 家jia 世shi 振zhen 学xue 新xin 佳jia 琳lin 慧hui 婷ting 雪xue 莹ying 倩qian 洁jie
	璐lu 颖ying 凯kai 斌bin 波bo 毅yi 俊jun 帆fan 航hang 远yuan`)

// name makes up a name nobody in the agency has yet.
func (b *bureau) name(p *play) (zh, latin string) {
	for try := 0; ; try++ {
		family, first := oneOf(p, surnames), oneOf(p, givenNames)
		zh, latin = family.zh+first.zh, family.latin+" "+capital(first.latin)
		if p.chance(72) || try > 20 {
			second := oneOf(p, givenNames)
			zh, latin = zh+second.zh, latin+second.latin
		}
		if try > 60 {
			third := oneOf(p, givenNames) // a large agency runs out of short names
			zh, latin = zh+third.zh, latin+third.latin
		}
		if !b.staff.names[zh] {
			b.staff.names[zh] = true
			return zh, latin
		}
	}
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

var numerals = strings.Split("零一二三四五六七八九", "")

// numeral writes 1 to 99 in Chinese.
func numeral(n int) string {
	switch tens, ones := n/10, n%10; {
	case tens == 0:
		return numerals[ones]
	case tens == 1 && ones == 0:
		return "十"
	case tens == 1:
		return "十" + numerals[ones]
	case ones == 0:
		return numerals[tens] + "十"
	default:
		return numerals[tens] + "十" + numerals[ones]
	}
}
