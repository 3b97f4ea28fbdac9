"""Rules (ION Actions): the document of section 8.16, the rules the vendor publishes, and code that is
hostile."""

import pytest

from kiosk.simulator.action_code import ActionError, ActionRefusal, run_code
from kiosk.simulator.schema import Dialect
from kiosk.simulator.switches import Switches
from tests.simulator.asking import Caller, Json

CONTEXT = (
    "{ receiptItem(id: $id) { id partInventory { serialNumber lotNumber locationId "
    "part { id trackingType } } } }"
)
CREATE = f"""mutation {{ createRule(input: {{ title: "Item", target: RECEIPTITEM, ruleType: VALIDATION,
  eventType: CREATE, enabled: true, context: "{CONTEXT}", code: "%s", errorState: BLOCK }}) {{
    rule {{ id }} }} }}"""
LOCATION = (
    "inventory = context['receiptItem']['partInventory']\\n"
    "if inventory and inventory.get('locationId') is None:\\n"
    "    raise ValidationError('Every receipt item needs a location.')"
)
LOT = (
    "inventory = context.get('receiptItem').get('partInventory')\\n"
    "if inventory['part']['trackingType'] == 'LOT' and not inventory['lotNumber']:\\n"
    "    raise ValidationError(f\\\"Lot missing for part {inventory['part']['id']}\\\")"
)
LENIENT = Switches(receipt_item_needs_location=False, receipt_item_needs_lot=False)


def receive(caller: Caller, line: int, **more: object) -> Json:
    receipt = caller.do("createReceipt", "receipt { id _etag }", purchaseOrderId=5001)["receipt"]
    items = [{"purchaseOrderLineId": line, "quantity": 1, **more}]
    document = """mutation ($input: AddItemsToReceiptInput!) { addItemsToReceipt(input: $input) {
        receipt { id } } }"""
    given = {"receiptId": receipt["id"], "etag": receipt["_etag"], "items": items}
    return caller.answer(document, input=given).body


@pytest.mark.parametrize("dialect", ["classic", "both"])
@pytest.mark.parametrize(
    ("code", "line", "message"),
    [(LOCATION, 7003, "Every receipt item needs a location."), (LOT, 7002, "Lot missing for part 107")],
)
def test_a_published_rule_refuses_a_receipt_item(
    dialect: Dialect, code: str, line: int, message: str
) -> None:
    caller = Caller(dialect, switches=LENIENT)
    assert "errors" not in receive(caller, line)
    rule_id = caller.ask(CREATE % code)["createRule"]["rule"]["id"]
    before = caller.world.purchase_order_lines[line]
    (error,) = receive(caller, line)["errors"]
    assert (error["message"], error["extensions"]) == (message, {"code": "VALIDATION_ERROR"})
    assert caller.world.purchase_order_lines[line] == before
    assert "errors" not in receive(caller, line, locationId=4, lotNumber="L" if line == 7002 else None)
    rule = caller.world.rules[rule_id]
    off = caller.do("updateRule", "rule { _etag enabled }", id=rule_id, etag=rule.etag, enabled=False)["rule"]
    assert "errors" not in receive(caller, line)
    caller.delete("deleteRule", rule_id, off["_etag"])
    assert len(caller.world.rules) == 0


def test_the_2026_way_to_receive_is_asked_too() -> None:
    caller = Caller("both", switches=LENIENT)
    caller.ask(CREATE % LOCATION)
    given = {"purchaseOrderLineItemId": 7003, "quantityReceived": 1}
    refusal = caller.refusal("receivePurchaseOrderLine", "purchaseOrderLineItem { id }", **given)
    assert refusal == ("VALIDATION_ERROR", "Every receipt item needs a location.")


def test_a_rule_sees_what_changed_as_the_database_has_it() -> None:
    caller = Caller()
    code = """
for name, change in context['changes']['purchase_order_lines'].items():
    if name == 'status' and change['new'] == 'ordered' and change['old'] != 'approved':
        raise ValidationError('Approve first')
"""
    given = {
        "title": "t",
        "target": "PURCHASEORDERLINE",
        "ruleType": "VALIDATION",
        "eventType": "UPDATE",
        "code": code,
    }
    caller.do("createRule", "rule { id }", **given)
    etag = caller.world.purchase_orders[5004].etag
    selection = "purchaseOrder { _etag }"
    order = {"id": 5004, "etag": etag, "status": "ORDERED"}
    assert caller.refusal("updatePurchaseOrder", selection, **order)[1] == "Approve first"
    order["etag"] = caller.do("updatePurchaseOrder", selection, **order | {"status": "APPROVED"})[
        "purchaseOrder"
    ]["_etag"]
    assert caller.do("updatePurchaseOrder", selection, **order)


@pytest.mark.parametrize(("state", "is_refused"), [("BLOCK", True), ("ALLOW", False)])
@pytest.mark.parametrize(
    ("context", "code"), [("{ nothing }", "pass"), ("{", "pass"), (None, "context['x']")]
)
def test_a_rule_that_is_broken_blocks_or_not(
    state: str, context: str | None, code: str, *, is_refused: bool
) -> None:
    caller = Caller()
    given = {"title": "t", "target": "RUN", "ruleType": "VALIDATION", "eventType": "CREATE", "code": code}
    caller.do("createRule", "rule { id }", **given, context=context, errorState=state)
    if is_refused:
        assert "Rule 't' could not be run" in caller.refusal("createRun", "run { id }", procedureId=12)[1]
    else:
        assert caller.do("createRun", "run { id }", procedureId=12)


def test_code_that_cannot_be_read_is_no_rule() -> None:
    given = {"title": "t", "target": "RUN", "ruleType": "VALIDATION", "eventType": "CREATE", "code": "if:"}
    assert "cannot be read" in Caller().refusal("createRule", "rule { id }", **given)[1]


SEEN = {"receiptItem": {"quantity": 5, "tags": ["a", "b"], "name": "Seal", "none": None}}


@pytest.mark.parametrize(
    "condition",
    [
        "context['receiptItem']['quantity'] > 4 and len(context['receiptItem']['tags']) == 2",
        "0 < context['receiptItem']['quantity'] - 1 < 5",
        "any([tag == 'b' for tag in context['receiptItem']['tags'] if tag != 'a'])",
        "'a' in context['receiptItem']['tags'] and 'z' not in ['x', 'y']",
        "context['receiptItem'].get('none') is None",
        "context['receiptItem']['name'].lower().startswith('se')",
        "not context['receiptItem'].get('missing')",
        "(1 if context['receiptItem']['none'] else 2) == 2",
        "'Seal' == f\"{context['receiptItem']['name']}\"",
        "-context['receiptItem']['quantity'] + 6 == 1",
        "{'a': 1}['a'] == 1 and {1, 2} == {2, 1}",
    ],
)
def test_what_rules_are_written_with_works_as_in_python(condition: str) -> None:
    with pytest.raises(ActionRefusal, match=r"^no$"):
        run_code(f"if {condition}:\n    raise ValidationError('no')", SEEN)
    run_code(f"if not ({condition}):\n    raise ValidationError('no')\nelse:\n    pass", SEEN)


def test_a_loop_can_be_left_and_gone_on_with() -> None:
    code = """
found = []
for tag in context['receiptItem']['tags']:
    if tag == 'a':
        continue
    found.append(tag)
    break
if found == ['b']:
    raise ValidationError
"""
    with pytest.raises(ActionRefusal):
        run_code(code, SEEN)


@pytest.mark.parametrize(
    "code",
    [
        "import os",
        "open('/etc/passwd')",
        "__import__('os')",
        "context.__class__",
        "context['receiptItem']['name'].__class__.__mro__",
        "(lambda: 1)()",
        "while True: pass",
        "for a in range(10): pass",
        "x = 'a'\nfor i in 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa':\n    x = x + x",
        "x = [1]\nfor i in 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa':\n    x = x + x",
        "for a in 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa':\n"
        + "".join(f"{'  ' * n}for b in 'aaaaaaaaaa':\n" for n in range(1, 6))
        + "            c = 1",
        "def f(): pass",
        "raise KeyError('x')",
        "1 / 0",
        "9 ** 9 ** 9",
        "'%s' % 5",
        "nothing",
        "context['nothing']",
        "'a' < 1",
        "break",
        "x" * 20_001,
        "(" * 5000 + ")" * 5000,
        "str.format",
        "del context",
        "a, b = 1, 2",
    ],
)
def test_hostile_and_broken_code_is_an_error_of_the_rule(code: str) -> None:
    with pytest.raises(ActionError):
        run_code(code, SEEN)
