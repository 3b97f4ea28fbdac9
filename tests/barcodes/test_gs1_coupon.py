import pytest

from kiosk.barcodes.gs1_content import fault_in

PLAIN = "106141416543213150110120"
"""Company, offer, save value, requirement with its code, family."""
SECOND = "101211239"
THIRD = "222504560123456"


@pytest.mark.parametrize(
    "value",
    [
        PLAIN,
        PLAIN + SECOND,
        PLAIN + SECOND + THIRD,
        PLAIN + "3280131",
        PLAIN + "3280131" + "4280101",
        PLAIN + "50123456",
        PLAIN + "610614141",
        PLAIN + "90170",
        PLAIN + SECOND + THIRD + "3280131" + "4280131" + "511234567" + "96201",
    ],
)
def test_good_coupons(value: str) -> None:
    assert fault_in("8110", value) == ""


@pytest.mark.parametrize(
    ("ai", "value", "fault"),
    [
        ("8110", "A" + PLAIN[1:], "it has more than digits"),
        ("8110", "", "it has more than digits"),
        ("8110", "7", "its length of the company prefix is 7, expected one of 0, 1, 2, 3, 4, 5, 6"),
        ("8110", "1061414", "it is cut off in the company prefix"),
        ("8110", "1061414165432", "it is cut off in the offer"),
        ("8110", PLAIN[:14], "it is cut off in the length of the save value"),
        ("8110", PLAIN[:14] + "6", "its length of the save value is 6, expected one of 1, 2, 3, 4, 5"),
        (
            "8110",
            PLAIN[:20] + "6120",
            "its purchase requirement's code is 6, expected one of 0, 1, 2, 3, 4, 5, 9",
        ),
        ("8110", PLAIN[:-1], "it is cut off in the family code"),
        ("8110", PLAIN + "7", "its data field is 7, expected one of 1, 2, 3, 4, 5, 6, 9"),
        ("8110", PLAIN + "14", "its rule for more purchases is 4, expected one of 0, 1, 2, 3"),
        (
            "8110",
            PLAIN + SECOND[:-1] + "8",
            "its length of the further company prefix is 8, expected one of 0, 1, 2, 3, 4, 5, 6, 9",
        ),
        ("8110", PLAIN + "3281301", "281301 is no date"),
        ("8110", PLAIN + "4280230", "280230 is no date"),
        ("8110", PLAIN + "3280131" + "3280131", "it has the data field 3 twice"),
        ("8110", PLAIN + "3280131" + "4280201", "it expires before it starts"),
        ("8110", PLAIN + "5012345", "it is cut off in the serial number"),
        ("8110", PLAIN + "60", "its length of the retailer is 0, expected one of 1, 2, 3, 4, 5, 6, 7"),
        ("8110", PLAIN + "93", "its save value's code is 3, expected one of 0, 1, 2, 5, 6"),
        ("8110", PLAIN + "9003", "it is cut off in the flag against multiplying"),
        ("8112", "2", "its format is 2, expected one of 0, 1"),
        ("8112", "0", "it is cut off in the length of the funder"),
        ("8112", "07", "its length of the funder is 7, expected one of 0, 1, 2, 3, 4, 5, 6"),
        ("8112", "10123456123456", "it is cut off in the length of the serial number"),
    ],
)
def test_faults_are_told(ai: str, value: str, fault: str) -> None:
    assert fault_in(ai, value) == fault
