package domain

import "time"

// cn2024Calendar: the holidays of 2024 to 2026 as the General Office of the
// State Council set them (国办发明电〔2023〕7号, 〔2024〕12号, 〔2025〕7号). In
// other years the calendar knows weekends only; add each year when its notice
// is published, in November of the year before.
func cn2024Calendar() Calendar {
	cal := Calendar{Zone: time.FixedZone("CST", 8*60*60), Holidays: map[Date]bool{}, MakeUpDays: map[Date]bool{}}
	for _, span := range [][2]Date{
		{{2024, 1, 1}, {2024, 1, 1}},   // 元旦
		{{2024, 2, 10}, {2024, 2, 17}}, // 春节
		{{2024, 4, 4}, {2024, 4, 6}},   // 清明节
		{{2024, 5, 1}, {2024, 5, 5}},   // 劳动节
		{{2024, 6, 10}, {2024, 6, 10}}, // 端午节
		{{2024, 9, 15}, {2024, 9, 17}}, // 中秋节
		{{2024, 10, 1}, {2024, 10, 7}}, // 国庆节

		{{2025, 1, 1}, {2025, 1, 1}},
		{{2025, 1, 28}, {2025, 2, 4}},
		{{2025, 4, 4}, {2025, 4, 6}},
		{{2025, 5, 1}, {2025, 5, 5}},
		{{2025, 5, 31}, {2025, 6, 2}},
		{{2025, 10, 1}, {2025, 10, 8}},

		{{2026, 1, 1}, {2026, 1, 3}},
		{{2026, 2, 15}, {2026, 2, 23}},
		{{2026, 4, 4}, {2026, 4, 6}},
		{{2026, 5, 1}, {2026, 5, 5}},
		{{2026, 6, 19}, {2026, 6, 21}},
		{{2026, 9, 25}, {2026, 9, 27}},
		{{2026, 10, 1}, {2026, 10, 7}},
	} {
		for day := span[0]; !day.After(span[1]); day = day.AddDays(1) {
			if cal.IsWorkday(day) { // a weekend is free anyway
				cal.Holidays[day] = true
			}
		}
	}
	for _, day := range []Date{
		{2024, 2, 4}, {2024, 2, 18}, {2024, 4, 7}, {2024, 4, 28}, {2024, 5, 11}, {2024, 9, 14}, {2024, 9, 29}, {2024, 10, 12},
		{2025, 1, 26}, {2025, 2, 8}, {2025, 4, 27}, {2025, 9, 28}, {2025, 10, 11},
		{2026, 1, 4}, {2026, 2, 14}, {2026, 2, 28}, {2026, 5, 9}, {2026, 9, 20}, {2026, 10, 10},
	} {
		cal.MakeUpDays[day] = true
	}
	return cal
}
