package domain

func cn2024Traceback() TracebackRules {
	return TracebackRules{
		Conclude:   Term{30, Days, "common practice"},
		Chain:      "中国共产党问责条例",
		OneMeasure: "公职人员政务处分法 art. 16",
		Separation: "common practice",
	}
}
