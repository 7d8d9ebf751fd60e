"""How numbers are shown by their formats; the right values are what Excel shows, days aside."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.files.sheets.cell_format import cell_format, shown

SHOWN = [
    (0.125, "0.0%", "12.5%"),
    (0.125, "0%", "13%"),
    (45418, "yyyy/m/d", "2024-05-06"),
    (45418, '[$-804]yyyy"年"m"月"d"日"', "2024-05-06"),
    (45418, "mmm-yy", "2024-05-06"),
    (45418.75, "m/d/yy h:mm", "2024-05-06 18:00"),
    (0.5, "h:mm AM/PM", "12:00"),
    (1.5, "[h]:mm", "36:00"),
    (59, "yyyy-mm-dd", "1900-02-28"),
    (61, "yyyy-mm-dd", "1900-03-01"),
    (1234567.891, "#,##0.00", "1,234,567.89"),
    (1234.5, "#,##0.##", "1,234.5"),
    (3, "#,##0.##", "3"),
    (1234.5, '"¥"#,##0.00', "¥1,234.50"),
    (5, "[$€-407] #,##0.00", "€ 5.00"),
    (12, '0"人"', "12人"),
    (5, "0.0_);[Red](0.0)", "5.0"),
    (-5, "#,##0;(#,##0)", "-5"),
    (0.1 + 0.2, "General", "0.3"),
    (13812345678, "General", "13812345678"),
    (12345, "#,##0,", "12345"),
    (0.333333, "# ?/?", "0.333333"),
    (3, "", "3"),
    (7, "@", "7"),
]


@pytest.mark.parametrize(("value", "code", "expected"), SHOWN)
def test_a_number_is_read_as_it_is_shown(value: float, code: str, expected: str) -> None:
    assert shown(float(value), cell_format(code)) == expected


def test_days_are_counted_from_where_the_workbook_says() -> None:
    assert shown(43956.0, cell_format("yyyy-mm-dd"), from_1904=True) == "2024-05-06"


@given(st.floats(), st.text('0#?.,%;"\\[]$ymdhs_*年E+-/@ g', max_size=12))
def test_no_number_and_no_format_breaks(value: float, code: str) -> None:
    assert shown(value, cell_format(code)) or math.isfinite(value)
