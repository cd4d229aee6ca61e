"""What a compiler must be told before it vectorises a loop over many arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba.core import types
from numba.extending import intrinsic

__all__ = ["distinct_arrays"]


def _promise(typing: Any) -> tuple[Any, Callable[..., Any]]:
    def tell(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        function = builder.function
        for argument in function.args:
            if isinstance(argument.type, ir.PointerType):
                argument.add_attribute("noalias")
        set.add(function.attributes, '"prefer-vector-width"="512"')  # llvmlite's own `add` refuses values
        return context.get_dummy_value()

    return types.void(), tell


distinct_arrays: Any = intrinsic(_promise)
"""Called first in a compiled function: no array it writes overlaps another of its arguments.

With more than a few arrays LLVM gives up checking that at run time, and the loop stays scalar.  Vectors of 512 bits,
where the processor has them, come with it: LLVM avoids them by default, for the sake of code that uses few.
"""
