"""Runs the code of an ION Action without running Python: the small part of it that the published rules use.

A rule sees ``context`` (what its query answered, and ``context['changes']``), compares, and raises
``ValidationError``. Nothing else of Python is there: no import, no attribute but a few methods of texts,
lists and dicts, no function but a few that only look at values, no loop without an end.
"""

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

__all__ = ["ActionError", "ActionRefusal", "check_code", "run_code"]

_MOST_STEPS: Final = 10_000
_LONGEST_CODE: Final = 20_000


class ActionRefusal(Exception):
    """The code raised ``ValidationError``; the message is the code's own."""


class ActionError(Exception):
    """The code itself is at fault."""


_FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "len": len,
    "any": any,
    "all": all,
    "sum": sum,
    "min": min,
    "max": max,
    "str": str,
    "int": int,
    "float": float,
    "bool": bool,
    "list": list,
    "set": set,
    "sorted": sorted,
    "abs": abs,
}
_METHODS: Final[Mapping[type, frozenset[str]]] = {
    dict: frozenset({"get", "keys", "values", "items"}),
    str: frozenset({"lower", "upper", "strip", "startswith", "endswith", "split"}),
    list: frozenset({"append", "count", "index"}),
    set: frozenset({"issubset", "union", "intersection"}),
}
_COMPARE: Final[Mapping[type, Callable[[Any, Any], Any]]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}


def _added(left: Any, right: Any) -> Any:  # noqa: ANN401  any values of the code
    result = left + right
    if isinstance(result, str | list) and len(result) > _LONGEST_CODE:
        raise ActionError("a value grew too long")
    return result


_BINARY: Final[Mapping[type, Callable[[Any, Any], Any]]] = {
    ast.Add: _added,
    ast.Sub: operator.sub,
    ast.Div: operator.truediv,
}
_UNARY: Final[Mapping[type, Callable[[Any], Any]]] = {ast.Not: operator.not_, ast.USub: operator.neg}


def check_code(code: str) -> None:
    """Refuse code that cannot be read.

    Raises:
        ActionError: It is no Python, or too long.
    """
    _parsed(code)


def run_code(code: str, context: Mapping[str, Any]) -> None:
    """Run a rule's code.

    Raises:
        ActionRefusal: The code says no.
        ActionError: The code is wrong, uses something that is not there, or takes too long.
    """
    try:
        _Run(context).body(_parsed(code).body)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError) as exc:
        raise ActionError(f"{type(exc).__name__}: {exc}") from exc
    except _LeaveLoop as exc:
        raise ActionError("break or continue outside a loop") from exc


def _parsed(code: str) -> ast.Module:
    if len(code) > _LONGEST_CODE:
        raise ActionError(f"the code is longer than {_LONGEST_CODE} characters")
    try:
        return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError) as exc:
        raise ActionError(f"{type(exc).__name__}: {exc}") from exc


class _LeaveLoop(Exception):
    def __init__(self, *, again: bool) -> None:
        super().__init__()
        self.again = again


class _Run:
    """One run: names and what they stand for."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        self._names: dict[str, Any] = {"context": context}
        self._left = _MOST_STEPS

    def body(self, statements: Sequence[ast.stmt]) -> None:
        for statement in statements:
            self._statement(statement)

    def _count(self, node: ast.AST) -> None:
        self._left -= 1
        if self._left < 0:
            raise ActionError(f"line {getattr(node, 'lineno', '?')}: the code takes too long")

    def _statement(self, node: ast.stmt) -> None:
        self._count(node)
        match node:
            case ast.If(test=test, body=body, orelse=orelse):
                self.body(body if self._value(test) else orelse)
            case ast.Raise(exc=exc):
                self._raise(exc)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                self._names[name] = self._value(value)
            case ast.Expr(value=value):
                self._value(value)
            case ast.For(target=target, iter=iterable, body=body, orelse=[]):
                self._loop(target, iterable, body)
            case ast.Pass():
                return
            case ast.Break() | ast.Continue():
                raise _LeaveLoop(again=isinstance(node, ast.Continue))
            case _:
                raise ActionError(f"line {node.lineno}: {type(node).__name__} is not simulated")

    def _loop(self, target: ast.expr, iterable: ast.expr, body: Sequence[ast.stmt]) -> None:
        for item in list(self._value(iterable)):
            self._bind(target, item)
            try:
                self.body(body)
            except _LeaveLoop as leave:
                if not leave.again:
                    break

    def _bind(self, target: ast.expr, item: Any) -> None:  # noqa: ANN401  any value of the code
        match target:
            case ast.Name(id=name):
                self._names[name] = item
            case ast.Tuple(elts=elements):
                for element, each in zip(elements, item, strict=True):
                    self._bind(element, each)
            case _:
                raise ActionError(f"line {target.lineno}: {type(target).__name__} is not simulated")

    def _raise(self, exc: ast.expr | None) -> None:
        match exc:
            case ast.Call(func=ast.Name(id="ValidationError"), args=args):
                raise ActionRefusal(" ".join(str(self._value(each)) for each in args))
            case ast.Name(id="ValidationError"):
                raise ActionRefusal
            case _:
                raise ActionError("only ValidationError can be raised")

    def _value(self, node: ast.expr) -> Any:  # noqa: ANN401  any value of the code
        self._count(node)
        match node:
            case ast.Constant(value=value):
                return value
            case ast.Name(id=name):
                return self._names[name]
            case ast.Subscript(value=value, slice=key):
                return self._value(value)[self._value(key)]
            case ast.BoolOp(op=op, values=values):
                return self._either(values, stop_at=isinstance(op, ast.Or))
            case ast.Compare(left=left, ops=ops, comparators=others):
                return self._compared(left, ops, others)
            case ast.UnaryOp(op=op, operand=operand) if type(op) in _UNARY:
                return _UNARY[type(op)](self._value(operand))
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
                return _BINARY[type(op)](self._value(left), self._value(right))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self._value(body if self._value(test) else orelse)
            case ast.Call(func=func, args=args, keywords=[]):
                return self._called(func, [self._value(each) for each in args])
            case _:
                return self._collected(node)

    def _collected(self, node: ast.expr) -> Any:  # noqa: ANN401  any value of the code
        match node:
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                return [self._value(each) for each in elements]
            case ast.Set(elts=elements):
                return {self._value(each) for each in elements}
            case ast.Dict(keys=keys, values=values):
                return {
                    self._value(key): self._value(value)
                    for key, value in zip(keys, values, strict=True)
                    if key
                }
            case ast.JoinedStr(values=values):
                return "".join(str(self._value(each)) for each in values)
            case ast.FormattedValue(value=value, format_spec=None):
                return self._value(value)
            case (
                ast.ListComp(elt=element, generators=[loop])
                | ast.GeneratorExp(elt=element, generators=[loop])
            ):
                return list(self._each(element, loop))
            case _:
                raise ActionError(f"line {node.lineno}: {type(node).__name__} is not simulated")

    def _each(self, element: ast.expr, loop: ast.comprehension) -> list[Any]:
        found = []
        for item in list(self._value(loop.iter)):
            self._bind(loop.target, item)
            if all(self._value(condition) for condition in loop.ifs):
                found.append(self._value(element))
        return found

    def _either(self, values: Sequence[ast.expr], *, stop_at: bool) -> Any:  # noqa: ANN401  as in Python
        value: Any = None
        for each in values:
            value = self._value(each)
            if bool(value) is stop_at:
                break
        return value

    def _compared(self, left: ast.expr, ops: Sequence[ast.cmpop], others: Sequence[ast.expr]) -> bool:
        value = self._value(left)
        for op, other in zip(ops, others, strict=True):
            right = self._value(other)
            if not _COMPARE[type(op)](value, right):
                return False
            value = right
        return True

    def _called(self, func: ast.expr, arguments: list[Any]) -> Any:  # noqa: ANN401  any value of the code
        match func:
            case ast.Name(id=name) if name in _FUNCTIONS:
                return _FUNCTIONS[name](*arguments)
            case ast.Attribute(value=value, attr=name):
                owner = self._value(value)
                if name in _METHODS.get(type(owner), ()):
                    return getattr(owner, name)(*arguments)
        raise ActionError(f"line {func.lineno}: {ast.unparse(func)} is not simulated")
