"""Find what the test of a claim asserts about the output of its commands.

An assertion counts if it contains a terminal or a value that comes from a terminal. A command that
must fail counts as well. An assertion in a helper function counts if the test passes such a value
to the helper. That a command succeeds does not count, because `Terminal.run` checks it for every
command, whatever the claim says.
"""

import ast
from collections.abc import Iterator, Mapping

# The methods of a terminal whose command must fail.
_FAILING = {"fails", "build_fails", "start_fails"}
Functions = Mapping[str, ast.FunctionDef]


def functions_of(module: ast.Module) -> dict[str, ast.FunctionDef]:
    """Return the functions that a module defines at its top level, keyed by name."""
    return {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}


def assertions(function: ast.FunctionDef, terminals: set[str], helpers: Functions) -> list[str]:
    """Return the assertions of a function about the values of some of its parameters, as code.

    `helpers` are the other functions of the module.
    """
    outputs = _outputs(function, terminals)
    others = {name: each for name, each in helpers.items() if name != function.name}
    return [
        text
        for node in ast.walk(function)
        for text in _assertions_of(node, outputs, terminals, others)
    ]


def _assertions_of(
    node: ast.AST, outputs: set[str], terminals: set[str], helpers: Functions
) -> Iterator[str]:
    if isinstance(node, ast.Assert):
        if _names(node.test) & outputs:
            yield ast.unparse(node)
    elif isinstance(node, ast.Call):
        if _must_fail(node.func, terminals):
            yield ast.unparse(node)
        helper = helpers.get(node.func.id) if isinstance(node.func, ast.Name) else None
        if helper and (passed := _passed(node, helper, outputs)):
            yield from assertions(helper, passed, helpers)


def _outputs(function: ast.FunctionDef, terminals: set[str]) -> set[str]:
    """Return the names of the terminals and of the values that come from them."""
    names = {*terminals}
    while new := {name for each in ast.walk(function) for name in _derived(each, names)} - names:
        names |= new
    return names


def _derived(node: ast.AST, names: set[str]) -> set[str]:
    """Return the names that a statement assigns values to that come from other names."""
    pairs: list[tuple[ast.AST, ast.AST]] = []
    if isinstance(node, ast.Assign):
        pairs = [(target, node.value) for target in node.targets]
    elif isinstance(node, ast.NamedExpr):
        pairs = [(node.target, node.value)]
    elif isinstance(node, ast.For | ast.comprehension):
        pairs = [(node.target, node.iter)]
    elif isinstance(node, ast.withitem) and node.optional_vars:
        pairs = [(node.optional_vars, node.context_expr)]
    return {
        name for target, value in pairs if _names(value) & names for name in _stored_names(target)
    }


def _must_fail(function: ast.expr, terminals: set[str]) -> bool:
    """Return whether a called function is a method of a terminal whose command must fail."""
    return any(
        isinstance(node, ast.Attribute)
        and node.attr in _FAILING
        and bool(_names(node.value) & terminals)
        for node in ast.walk(function)
    )


def _passed(call: ast.Call, helper: ast.FunctionDef, outputs: set[str]) -> set[str]:
    """Return the parameters of a helper to which a call passes outputs or terminals."""
    parameters = [each.arg for each in helper.args.args]
    passed = [*zip(parameters, call.args, strict=False)]
    passed += [(each.arg, each.value) for each in call.keywords if each.arg]
    return {name for name, value in passed if _names(value) & outputs}


def _names(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def _stored_names(target: ast.AST) -> set[str]:
    return {
        each.id
        for each in ast.walk(target)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }
